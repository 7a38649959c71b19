/** The schemes of the style sheet. */
export const SCHEMES = ["light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** The colours of the style sheet that a brand's colour stands on, and the colour of words on it. */
export const SURFACES: Readonly<
	Record<Scheme, { readonly backs: readonly string[]; readonly words: string }>
> = {
	light: { backs: ["#ffffff", "#f7f8fa", "#eef1f5"], words: "#ffffff" },
	dark: { backs: ["#191f28", "#11151b", "#232b36"], words: "#0c1524" },
};

/** What WCAG 2.2 asks for text (1.4.3). */
export const LEAST_CONTRAST = 4.5;
/** Shades between a colour and the end of its scheme. */
const SHADES = 100;

const END: Readonly<Record<Scheme, string>> = { light: "#000000", dark: "#ffffff" };
const COLOUR = /^#[0-9a-f]{6}$/;

/** Whether a text is a colour as it is kept: `#2457c5`. */
export function isColour(text: string): boolean {
	return COLOUR.test(text);
}

/** Reads a colour as people type it: `#2457C5`, `2457c5` or `#25c`. @returns undefined for another text. */
export function typedColour(typed: string): string | undefined {
	const digits = typed.trim().toLowerCase().replace(/^#/, "");
	const whole = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
	const colour = `#${whole}`;
	return isColour(colour) ? colour : undefined;
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

/** The relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
		const share = channel / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): readonly number[] {
	return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** The least contrast of a colour in a scheme, as links on every background and behind the words of buttons. */
export function leastContrast(colour: string, scheme: Scheme): number {
	const { backs, words } = SURFACES[scheme];
	return Math.min(...[...backs, words].map((each) => contrast(colour, each)));
}

/**
 * The shade of a brand's colour that people can read in a scheme: the colour itself, or the nearest darker one (light
 * scheme) or lighter one (dark scheme).
 */
export function shadeIn(scheme: Scheme, colour: string): string {
	for (let step = 0; step < SHADES; step += 1) {
		const shade = mixed(colour, END[scheme], step / SHADES);
		if (leastContrast(shade, scheme) >= LEAST_CONTRAST) {
			return shade;
		}
	}
	return END[scheme];
}

function mixed(colour: string, end: string, share: number): string {
	const ends = channels(end);
	const parts = channels(colour).map((channel, index) =>
		Math.round(channel + ((ends[index] ?? 0) - channel) * share),
	);
	return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** The style sheet that gives a portal its colour, after the helpdesk's own. */
export function colourSheet(colour: string): string {
	const [light, dark] = SCHEMES.map((scheme) => `:root{--accent:${shadeIn(scheme, colour)}}`);
	return `${light}@media (prefers-color-scheme:dark){${dark}}\n`;
}
