/** Names of the UTF-16 codes that the readers compare with. */

export const SPACE = 0x20;
export const EXCLAMATION_MARK = 0x21;
export const DOUBLE_QUOTE = 0x22;
export const HASH = 0x23;
export const DOLLAR = 0x24;
export const APOSTROPHE = 0x27;
export const LEFT_PARENTHESIS = 0x28;
export const STAR = 0x2a;
export const COMMA = 0x2c;
export const HYPHEN = 0x2d;
export const POINT = 0x2e;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const LESS_THAN = 0x3c;
export const GREATER_THAN = 0x3e;
export const QUESTION_MARK = 0x3f;
export const LEFT_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const RIGHT_BRACKET = 0x5d;
export const CARET = 0x5e;
export const UNDERSCORE = 0x5f;
export const BACKTICK = 0x60;
export const LEFT_BRACE = 0x7b;
export const PIPE = 0x7c;
export const RIGHT_BRACE = 0x7d;
export const IDEOGRAPHIC_SPACE = 0x3000;
