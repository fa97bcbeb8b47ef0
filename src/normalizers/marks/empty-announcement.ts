/** What stands after an announcement and is no answer. */

/** "…", "(", "see above", "as explained": the answer stands elsewhere. */
const NOTHING =
  /^[\s.\u2026,:;!?*_"'()[\]{}$`-]*(?:(?:please |as )*(?:see|refer to|explained|shown|stated|described|discussed|mentioned|detailed|derived|indicated|outlined|given|above|below)(?:(?: |,)+(?:the|my|in|by|at|is|are|explanation|reasoning|analysis|solution|steps?|discussion|text|section|paragraphs?|above|below|here|earlier|before|previously|already)){0,6}[\s.\u2026!*_"')\]]*)?$/iu;

/** "None of the above", "cannot be determined", "insufficient data": the text has no answer. */
const NONE =
  /^[\s"'*_([{]*(?:none|neither|nothing|unknown|unclear|uncertain|cannot|can't|can not|impossible|indeterminate|undetermined|undecidable|inconclusive|insufficient|n\/a|not (?:enough|known|clear|determined|determinable|given|provided|listed|available|applicable|among|(?:any|one) of|in the|possible to)|no (?:(?:correct|valid|such|single|suitable|right|clear|definite) )?(?:answer|option|choice|solution|information)s?)(?![\p{L}])/iu;

/** Whether an announced value says nothing: "The answer is …", "Answer: see above". */
export const isEmptyValue = (value: string): boolean => NOTHING.test(value);

/** "None of them, but the closest is (E)" continues with an answer. */
const GOES_ON = /^[^.!?\n]*[\s,](?:but|though|although|so)\s/i;

/** Whether an announced value says that there is no answer, or that it is not known, and nothing else. */
export const isNoAnswer = (value: string): boolean => NONE.test(value) && !GOES_ON.test(value);
