import { finding, type Report } from "../finding.ts";
import { linesOf } from "../lines.ts";

// Every repetition is limited, so that no text takes long.
const KNOWN: readonly (readonly [what: string, pattern: RegExp])[] = [
	["a private key", /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g],
	["an AWS access key", /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g],
	["an X access token", /\b[0-9]{6,20}-[A-Za-z0-9]{35,50}\b/g],
	["an X bearer token", /\bA{18,30}[A-Za-z0-9%]{60,200}/g],
	["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b/g],
	["a Slack token", /\bxox[abeprs]-[A-Za-z0-9-]{10,255}/g],
	["a Google API key", /\bAIza[A-Za-z0-9_-]{35}\b/g],
	["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{20,255}\b/g],
	["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/g],
	["a JSON web token", /\beyJ[\w-]{10,300}\.eyJ[\w-]{10,600}\.[\w-]{10,600}/g],
	[
		"a password in an address",
		/\b[a-z][a-z0-9+]{1,15}:\/\/[^\s/:@"'`{}$<>]{1,60}:[^\s/:@"'`{}$<>]{3,60}@/gi,
	],
];
const NAMED =
	/(?:secret|token|password|passwd|passphrase|credential|bearer|pwd|api[_-]?key|consumer[_-]?key|private[_-]?key|access[_-]?key)[\w.-]{0,40}["'`]?\s{0,4}[:=]\s{0,4}(?:Bearer )?(["'`]?)([\w+/=.~%-]{16,256})(["'`]?)/gi;
const SENT = /\b(?:Bearer|Basic)\s{1,4}([\w+/=.~%-]{20,256})/g;
const PLACEHOLDER = /^(?:your|my|an?|some|any|example|sample|dummy|placeholder|change)[-_]|x{4}/i;
// Bits per character. Repetitive texts have fewer.
const RANDOM_FROM = 2.5;

/** Reports what looks like a secret, and shows its first four characters. */
export function findSecrets(file: string, text: string, report: Report): void {
	const lineAt = linesOf(text);
	const tell = (what: string, secret: string, index: number): void => {
		const message = `it seems to contain ${what} (${secret.slice(0, 4)}…)`;
		report(finding("secret", message, { file, line: lineAt(index) }));
	};
	const told = new Set<number>();
	for (const [what, pattern] of KNOWN) {
		for (const { 0: secret, index } of text.matchAll(pattern)) {
			told.add(index);
			tell(what, secret, index);
		}
	}
	const isCode = /\.(?:mjs|js|json)$/.test(file);
	for (const match of text.matchAll(NAMED)) {
		const [whole, open = "", value = "", close] = match;
		const index = match.index + whole.lastIndexOf(value);
		const isText = open === close && (open !== "" || !isCode);
		if (isText && isRandom(value) && !told.has(index)) {
			told.add(index);
			tell("a secret", value, index);
		}
	}
	for (const match of text.matchAll(SENT)) {
		const [whole, value = ""] = match;
		const index = match.index + whole.length - value.length;
		if (isRandom(value) && !told.has(index)) {
			tell("credentials", value, index);
		}
	}
}

/** Whether it has a long run of letters and digits that alternate, unlike words. */
function isRandom(value: string): boolean {
	const run = value.split(/[^A-Za-z0-9]/).reduce((one, other) => {
		return other.length > one.length ? other : one;
	}, "");
	const digits = run.replace(/[^0-9]/g, "").length;
	const turns = run.match(/[a-z](?=[^a-z])|[A-Z](?=[^A-Z])|[0-9](?=[^0-9])/g)?.length ?? 0;
	return (
		run.length >= 16 &&
		digits < run.length &&
		(digits >= 3 || (digits >= 1 && turns >= 0.4 * run.length)) &&
		!PLACEHOLDER.test(value) &&
		entropyOf(run) >= RANDOM_FROM
	);
}

/** The Shannon entropy of the characters. */
function entropyOf(value: string): number {
	const counts = new Map<string, number>();
	for (const character of value) {
		counts.set(character, (counts.get(character) ?? 0) + 1);
	}
	return [...counts.values()].reduce((sum, count) => {
		const share = count / value.length;
		return sum - share * Math.log2(share);
	}, 0);
}
