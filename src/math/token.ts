/** What a token is. */
export type TokenKind =
  | 'number'
  | 'name'
  | 'constant'
  | 'function'
  | 'word'
  | 'unit'
  | 'separator'
  | 'symbol';

/** A part of an answer that is not taken apart any further. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Whether a blank is before it. */
  readonly isSpaced: boolean;
}

/** Whether a token may end a value, so that a unit may follow. */
export const endsValue = (token: Token | undefined): boolean =>
  token !== undefined && (/^(?:number|name|constant)$/.test(token.kind) || /^[)\]}⦄°%!⟧]$/.test(token.text));
