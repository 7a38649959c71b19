const MAX_CHARACTERS = 80;

/** A name that needs no cleaning, as most do: letters of Latin alphabets between single spaces. */
const PLAIN = /^[!-~\xC0-\u024F]+(?: [!-~\xC0-\u024F]+)*$/;

/**
 * Characters that show nothing, whatever is beside them: controls, bidi controls, fillers, halves of pairs, private and
 * unassigned characters. Tags stay where they name the region of a flag (UTS #51, emoji tag sequences).
 */
const UNSEEN =
	/(\u{1F3F4}[\u{E0030}-\u{E007A}]{3,6}\u{E007F})|(?![\t-\r\p{Join_C}\p{VS}])[\p{C}\p{DI}\uFFFC\u{1D159}]/gu;
/** More marks on one character than any script needs. They would be drawn over other lines. */
const PILED_UP = /([\p{M}\p{Join_C}]{4})[\p{M}\p{Join_C}]+/gu;
/** Blanks, and marks that have no character to stand on. */
const BEFORE_A_NAME = /^[\s\u2800\p{M}\p{DI}]+/u;

const PICTURE = String.raw`\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?`;
/** Blocks of scripts whose letters join or form conjuncts: Arabic to Myanmar, Khmer to Vedic, and later ones. */
const JOINING = String.raw`[\u0600-\u0DFF\u0F00-\u109F\u1780-\u180A\u1810-\u1CFF\uA800-\uAAFF\u{10A00}-\u{11FFF}]`;
/**
 * Joiners and variation selectors: as the group where they are needed, otherwise alone. Needed are those in emoji of
 * several pictures and in keycaps (UTS #51), those between letters of {@link JOINING} scripts, a joiner after the sign
 * that ends a half letter (a chillu), and the variation of an ideograph (UTS #37).
 */
const JOINERS = new RegExp(
	String.raw`(${PICTURE}(?:\u200D${PICTURE}){0,9}|[#*\d]\uFE0F\u20E3|(?<=${JOINING})(?:\p{Join_C}(?=\p{Join_C}{0,3}${JOINING})|\u200D(?<=\p{M}.))|(?<=\p{Ideo})\p{VS})|[\p{Join_C}\p{VS}]`,
	"gu",
);

/**
 * Makes a name that a stranger chose safe to show and log: without control, bidi and invisible characters, and without
 * runs of white space or of marks that would be drawn over other lines. At most 80 characters, and never a part of what
 * people see as one character. The result is empty if nothing is left.
 */
export function displayName(name: string): string {
	if (name.length <= MAX_CHARACTERS && PLAIN.test(name)) {
		return name;
	}
	const seen = name
		.slice(0, 1024)
		.replace(UNSEEN, "$1")
		.replace(PILED_UP, "$1")
		.replace(BEFORE_A_NAME, "");
	const whole = joined(seen);
	return whole.length > MAX_CHARACTERS ? joined(beginningOf(whole)) : whole;
}

function joined(name: string): string {
	return name
		.replace(JOINERS, "$1")
		.replace(/[\s\u2800]+/gu, " ")
		.trim();
}

function beginningOf(name: string): string {
	let kept = "";
	for (const { segment } of new Intl.Segmenter().segment(name)) {
		if ([...kept, ...segment].length > MAX_CHARACTERS) {
			break;
		}
		kept += segment;
	}
	return kept;
}
