/** The text of a cell, without the apostrophe that keeps a spreadsheet from taking it for a formula. */
export const unescaped = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r\n\0＝＋－＠])/, '');
