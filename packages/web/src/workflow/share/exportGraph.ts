/** Styles that make up the look of the graph; all others keep what they are by default. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
] as const;
const MARGIN = 24;
/** Pixels of a picture's side beyond which browsers give none. */
const LARGEST = 12_000;

/**
 * The whole graph as an SVG of its own: boxes, lines and texts as they are drawn, without the page's style sheet. Cards that are off screen are
 * not in the document, so the caller has all of it drawn first.
 */
export function graphSvg(graph: HTMLElement): string | null {
  const viewport = graph.querySelector<HTMLElement>('.react-flow__viewport');
  const nodes = [...graph.querySelectorAll<HTMLElement>('.react-flow__node')];
  if (!viewport || nodes.length === 0) return null;
  const origin = viewport.getBoundingClientRect();
  const zoom = new DOMMatrix(getComputedStyle(viewport).transform).a || 1;
  const place = (rect: DOMRect) => ({
    x: (rect.left - origin.left) / zoom,
    y: (rect.top - origin.top) / zoom,
    width: rect.width / zoom,
    height: rect.height / zoom,
  });
  const root = getComputedStyle(document.documentElement);
  const parts: string[] = [];
  let [left, top, right, bottom] = [0, 0, 0, 0];
  for (const marker of graph.querySelectorAll<SVGMarkerElement>('.edges marker')) parts.push(arrowOf(marker));
  for (const path of graph.querySelectorAll<SVGPathElement>('.edges .edge')) {
    parts.push(
      `<path d="${path.getAttribute('d')}" marker-end="${path.getAttribute('marker-end')}" ${styleOf(path)}/>`,
    );
  }
  for (const node of nodes) {
    const box = place(node.getBoundingClientRect());
    left = Math.min(left, box.x);
    // Words above a line stand over the edge of their card.
    top = Math.min(top, box.y - 16);
    right = Math.max(right, box.x + box.width + 16);
    bottom = Math.max(bottom, box.y + box.height);
    for (const element of node.querySelectorAll<HTMLElement>('*')) parts.push(...drawn(element, place));
  }
  const [x, y] = [Math.floor(left - MARGIN), Math.floor(top - MARGIN)];
  const [width, height] = [Math.ceil(right + MARGIN - x), Math.ceil(bottom + MARGIN - y)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}">` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${root.getPropertyValue('--bg').trim()}"/>` +
    `${parts.join('')}</svg>`
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawn(element: HTMLElement, place: (rect: DOMRect) => Box): string[] {
  const style = getComputedStyle(element);
  if (style.visibility === 'hidden' || element.closest('.sr, .gcard-hit')) return [];
  const parts: string[] = [];
  if (element instanceof SVGElement) {
    const svg = (element as SVGElement).ownerSVGElement as SVGSVGElement | null;
    if (!svg || !(element instanceof SVGGeometryElement)) return [];
    const matrix = element.getScreenCTM();
    if (!matrix) return [];
    const box = place(new DOMRect(matrix.e, matrix.f, matrix.a, matrix.d));
    const shape = element.cloneNode() as SVGElement;
    shape.removeAttribute('class');
    const inner = shape.outerHTML.replace(' xmlns="http://www.w3.org/2000/svg"', '');
    return [
      `<g transform="translate(${box.x} ${box.y}) scale(${box.width} ${box.height})" ${styleOf(element)}>${inner}</g>`,
    ];
  }
  const box = place(element.getBoundingClientRect());
  const border = Number.parseFloat(style.borderTopWidth) || 0;
  const hasFill = style.backgroundColor !== 'rgba(0, 0, 0, 0)';
  if (hasFill || border > 0) {
    const dash = style.borderTopStyle === 'dashed' ? ' stroke-dasharray="5 4"' : '';
    parts.push(
      `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="${Number.parseFloat(style.borderTopRightRadius) || 0}" fill="${hasFill ? style.backgroundColor : 'none'}"` +
        `${border > 0 ? ` stroke="${style.borderTopColor}" stroke-width="${border}"${dash}` : ''}/>`,
    );
  }
  const stripe = Number.parseFloat(style.borderLeftWidth) || 0;
  if (stripe > border + 1) {
    parts.push(
      `<rect x="${box.x}" y="${box.y}" width="${stripe}" height="${box.height}" rx="2" fill="${style.borderLeftColor}"/>`,
    );
  }
  for (const child of element.childNodes)
    if (child instanceof Text) parts.push(...textOf(child, style, place));
  return parts;
}

function textOf(node: Text, style: CSSStyleDeclaration, place: (rect: DOMRect) => Box): string[] {
  const text = node.data.trim();
  if (text === '') return [];
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = place(range.getBoundingClientRect());
  const size = Number.parseFloat(style.fontSize);
  return [
    `<text x="${box.x}" y="${box.y + box.height / 2 + size * 0.35}" font-size="${size}" font-weight="${style.fontWeight}" font-family="${escaped(style.fontFamily)}" fill="${style.color}">${escaped(text)}</text>`,
  ];
}

function arrowOf(marker: SVGMarkerElement): string {
  const [path] = marker.children;
  const own = [...marker.attributes].map(({ name, value }) => `${name}="${escaped(value)}"`).join(' ');
  return path ? `<marker ${own}><path d="${path.getAttribute('d')}" ${styleOf(path)}/></marker>` : '';
}

function styleOf(element: Element): string {
  const style = getComputedStyle(element);
  return PROPERTIES.map((name) => `${name}="${escaped(style.getPropertyValue(name))}"`).join(' ');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** An SVG as a PNG, at twice its size where that is not too large. */
export async function pngOf(svg: string): Promise<{ readonly blob: Blob; readonly scale: number }> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    const scale = Math.min(2, LARGEST / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error('the picture is too large for this browser');
    return { blob, scale };
  } finally {
    URL.revokeObjectURL(url);
  }
}
