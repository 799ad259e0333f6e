/** Characters that `JSON.stringify` leaves as they are and that could steer a terminal or deceive its reader. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** JSON that means the same and holds no character that a terminal obeys: they are written as `\u` escapes. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    let escapes = '';
    for (let i = 0; i < character.length; i++) {
      escapes += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }
    return escapes;
  });
}
