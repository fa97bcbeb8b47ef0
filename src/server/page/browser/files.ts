/** Reads a file of the user as a part of a message. */
export const attached = async (file: File): Promise<unknown> => {
  const data = base64(new Uint8Array(await file.arrayBuffer()));
  const mediaType = file.type === '' ? 'application/octet-stream' : file.type;
  return mediaType.startsWith('image/')
    ? { type: 'image', image: data, mediaType }
    : { type: 'file', data, mediaType, filename: file.name };
};

const STEP = 32_768;

const base64 = (bytes: Uint8Array): string => {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += STEP)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + STEP)));
  return btoa(pieces.join(''));
};
