/** How `csv-stringify` writes CSV (RFC 4180). By itself it quotes no lone line feed, at which spreadsheets end a row. */
export const csvFormat = {
  header: true,
  record_delimiter: 'windows',
  quoted_match: /[\r\n]/,
} as const;
