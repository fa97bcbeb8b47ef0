/** Whether a text opens by saying that it cannot answer, and does not continue with an answer. */
export const isRefusal = (text: string): boolean => {
  const opening = text.trimStart().slice(0, LONGEST_OPENING);
  if (!opensWithRefusal(opening.replace(quotes, "'"))) return false;
  return !answersAllTheSame.test(text.replace(quotes, "'"));
};

/** How much of a text is read for its opening. */
const LONGEST_OPENING = 200;

const quotes = /[\u2018\u2019]/g;

const sorry = String.raw`(?:(?:i'm|i am|we're|we are)(?: so| very)? (?:sorry|afraid)|sorry|apologies|i apologi[sz]e|unfortunately)\b`;
const cannot = String.raw`(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't|did not|didn't|am unable to|am not able to|was unable to|was not able to) (?:have|find|know|provide|answer|determine|help|assist|tell you|say(?= (?:who|what|when|where|why|how|if|whether|for)\b|[.,!]|$)|identify|locate|recall)\b`;
const unable = String.raw`(?:i'm|i am) (?:unable|not able|not sure|not aware|not certain|not familiar)\b`;
const ignorant = String.raw`i have no (?:information|idea|knowledge|record|data)\b`;
const unknown = String.raw`(?:it is|it's) (?:unclear|unknown|not (?:clear|known))\b|there (?:is|was) (?:no|not enough) information\b`;
const asks = String.raw`(?:could|can) you (?:please )?(?:provide|clarify|specify)\b|please (?:provide|clarify|specify)\b`;
const model = String.raw`as an ai\b[^.,]*[.,]`;

const asModel = new RegExp(String.raw`^${model}\s*`, 'i');
const apology = new RegExp(String.raw`^${sorry}[,.!;:]?\s*(?:but\s+)?(?:that\s+)?`, 'i');
const refuses = new RegExp(`^(?:${cannot}|${unable}|${ignorant}|${unknown}|${asks})`, 'i');

/**
 * An apology alone refuses nothing: "Unfortunately, Carl Voss lost." Three expressions, because one of them all takes 10 ms when it
 * is first used, and these 1.5 ms (measured).
 */
const opensWithRefusal = (opening: string): boolean => {
  const said = opening.replace(asModel, '');
  return refuses.test(said) || refuses.test(said.replace(apology, ''));
};

const answersAllTheSame =
  /\b(?:however|that said|nevertheless|but (?!i\b|there (?:is|are|was|were)\b|without\b|it is not\b|it's not\b)|i can (?:tell|provide|say)|i (?:think|believe|guess)|typically|based on|according to|did find|generally|usually|most likely|probably)\b/i;
