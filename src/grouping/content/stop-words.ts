/** The English words that say nothing by themselves. The figures of the documentation belong to this list. */
const english: ReadonlySet<string> = new Set(
  `a an the of in on at to for from by with and or but nor as is are was were be been being am do does did done has have had having
   that this these those it its he she they them his hers her their theirs we our ours you your yours i my me him us who whom whose
   which what when where why how there here then than so such not no if because while during after before into onto over under about
   between through per also only just very more most some any each all both one can could may might must shall should will would
   however although though known called named name answer answers according currently actually based wikipedia likely
   s t re ve ll d m`.split(/\s+/),
);

/** Whether a word says nothing by itself. */
export const isStopWord = (form: string, lower: string): boolean =>
  english.has(form) || (english.has(lower) && form !== lower.toUpperCase());
