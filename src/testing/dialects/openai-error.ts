/** The body of an error of OpenAI, of either of its APIs. */
export const openaiError = (status: number, message: string): object => ({
  error: {
    message,
    type: status === 429 ? 'requests' : 'invalid_request_error',
    param: null,
    code: 'served',
  },
});
