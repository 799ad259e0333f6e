const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Integers of 16 digits and more may exceed 2^53, beyond which JavaScript's numbers lose digits. */
const LONG = 16;
/** A cheap sign that a long number may stand outside of a text: older exporters write times so. */
const SUSPECT = /[:,[\s]-?\d{16}/;

/**
 * JSON text in which integers too long for a number stand in quotes: OTLP/JSON takes 64-bit integers as text or as number, and a
 * parser would round the latter. Texts that hold none are returned as they are.
 */
export function quoteLongIntegers(json: string): string {
  if (!SUSPECT.test(json)) return json;
  let result = '';
  let copied = 0;
  for (let at = 0; at < json.length; ) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = afterText(json, at + 1);
    } else if (isDigit(code) || code === 0x2d) {
      const end = afterNumber(json, at);
      if (end - at >= LONG && isInteger(json, at, end)) {
        result += `${json.slice(copied, at)}"${json.slice(at, end)}"`;
        copied = end;
      }
      at = end;
    } else at++;
  }
  return result + json.slice(copied);
}

function afterText(json: string, from: number): number {
  for (let at = from; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
}

function afterNumber(json: string, from: number): number {
  let at = from + 1;
  while (at < json.length && isNumberPart(json.charCodeAt(at))) at++;
  return at;
}

function isInteger(json: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = json.charCodeAt(at);
    if (!isDigit(code) && !(code === 0x2d && at === from)) return false;
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, sign, point, exponent. */
function isNumberPart(code: number): boolean {
  return isDigit(code) || code === 0x2e || code === 0x2d || code === 0x2b || (code | 0x20) === 0x65;
}
