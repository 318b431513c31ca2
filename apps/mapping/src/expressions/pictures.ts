/** Functions that take a picture, the form of a date or of a number. Pictures of dates become regular expressions. */
export const pictureFunctions = ['toMillis', 'fromMillis', 'formatNumber', 'formatInteger', 'parseInteger'] as const;
export type PictureFunction = (typeof pictureFunctions)[number];

/** Parts of a date, each of which may stand in a picture once. */
const markers: ReadonlySet<string> = new Set([
  ...['Y', 'Y0001', 'M', 'M01', 'MNn', 'MNn,*-3', 'D', 'D01', 'FNn', 'FNn,*-3'],
  ...['H', 'H01', 'h', 'h01', 'm', 'm01', 's', 's01', 'f', 'f001', 'P', 'PN', 'Z', 'Z01:01', 'Z0101'],
]);
/** Parts as long as they please: what follows at once could be read as the one or as the other, in millions of ways. */
const openEnded = /^(?:MN|F|P|Z|f)/;
const datePart = /\[([A-Za-z0-9:,*-]{1,8})\]|[ ,./:_TZ-]/gy;
const longestPicture = 64;

const numberPicture = /^[#0]{0,15}(?:,[#0]{1,15}){0,5}(?:\.[#0]{0,15})?%?$/;
const integerPicture = /^(?:[AaIiWw]|Ww|#{0,15}0{1,15}|#,##0)(?:;o)?$/;

/** Whether a picture is on the list, so that reading and writing with it ends soon, with the same result in every run. */
export function isAllowedPicture(name: PictureFunction, picture: string): boolean {
  if (picture.length > longestPicture) return false;
  if (name === 'formatNumber') return numberPicture.test(picture) && /[#0]/.test(picture);
  if (name === 'formatInteger' || name === 'parseInteger') return integerPicture.test(picture);
  return isDatePicture(picture, name === 'toMillis');
}

/** @param isRead it is read by: then a year must be in it, because the engine takes what is missing from today's date */
function isDatePicture(picture: string, isRead: boolean): boolean {
  const components = new Set<string>();
  let end = 0;
  let before = '';
  for (const { 0: part, 1: marker, index } of picture.matchAll(datePart)) {
    end = index + part.length;
    if (marker !== undefined) {
      const component = marker.charAt(0);
      if (!markers.has(marker) || components.has(component) || openEnded.test(before)) return false;
      components.add(component);
    }
    before = marker ?? '';
  }
  return end === picture.length && components.size > 0 && (!isRead || components.has('Y'));
}

export function pictureRefusal(name: PictureFunction): string {
  const example = name === 'toMillis' || name === 'fromMillis' ? '[Y0001]-[M01]-[D01]' : '#,##0';
  return `$${name} takes no such picture. Use one that the guide on mapping lists, such as "${example}".`;
}
