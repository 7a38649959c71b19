import type { KeyObject } from "node:crypto";
import { type Finding, sentenceOf } from "../../artifact/finding.ts";
import { inspectPlugin, type PluginPackage } from "../../artifact/load/read-plugin.ts";
import { ArchiveError } from "../../artifact/zip/archive-error.ts";
import { readArchive } from "../../artifact/zip/read-archive.ts";
import { signerOf } from "../../artifact/zip/signature.ts";
import { verifyArchive } from "../../artifact/zip/verify-archive.ts";
import type { Manifest } from "../../contract/manifest.ts";
import { type Package, sha256Of } from "../add-ons/package-store.ts";

/** What is known about a package before its code is run. */
export interface PackageReview {
	readonly sha256: string;
	readonly bytes: number;
	/** Undefined when the package is not a plugin. */
	readonly plugin: Pick<PluginPackage, "manifest" | "settingsSchema" | "locales"> | undefined;
	/** The package is not installed if one of them is an error. */
	readonly findings: readonly Finding[];
	/** The key that signed it, in hexadecimal. Undefined where it is unsigned, or the signature does not match. */
	readonly signer: string | undefined;
	/** Whether the operator of the helpdesk trusts that key. */
	readonly isTrusted: boolean;
}

export type Review = (reviewed: Package) => Promise<PackageReview>;

const REMEMBERED = 20;

/**
 * Reviews packages and remembers the results: reading the code of a large plugin takes a second, and blocks all requests.
 *
 * @param keysFor the publishers' keys that are trusted for a zip with this SHA-256.
 */
export function packageReviewer(keysFor: (sha256: string) => readonly KeyObject[]): Review {
	const known = new Map<string, PackageReview>();
	return async (reviewed) => {
		const sha256 = sha256Of(reviewed.zip);
		const key = `${sha256} ${reviewed.signature === undefined ? "" : sha256Of(reviewed.signature)}`;
		const review = known.get(key) ?? (await reviewPackage(reviewed, keysFor(sha256)));
		known.delete(key);
		known.set(key, review);
		const [oldest] = known.keys();
		if (known.size > REMEMBERED && oldest !== undefined) {
			known.delete(oldest);
		}
		return review;
	};
}

/** @param trustedKeys the keys of publishers. If there are any, a package that none of them signed has an error. */
async function reviewPackage(
	{ zip, signature }: Package,
	trustedKeys: readonly KeyObject[],
): Promise<PackageReview> {
	// The parser of code is loaded here, because most starts of a helpdesk review nothing.
	const { validateArchive } = await import("../../artifact/validate/validate-plugin.ts");
	const findings = new Map<string, Finding>();
	const report = (found: readonly Finding[]): void => {
		for (const each of found) {
			const key = `${each.code} ${sentenceOf(each)}`;
			// A stricter check may have found the same problem to be an error.
			if (findings.get(key)?.severity !== "error") {
				findings.set(key, each);
			}
		}
	};
	report(verifyArchive(zip, { ...(signature && { signature }), trustedKeys }));
	report(validateArchive(zip));
	const inspected = inspectZip(zip);
	report(inspected?.findings ?? []);
	const { manifest, settingsSchema, locales } = inspected ?? {};
	const about = { sha256: sha256Of(zip), bytes: zip.length };
	const signer = signature && signerOf(zip, signature);
	const isUntrusted = [...findings.values()].some(isAboutSigner);
	return {
		...about,
		plugin: manifest && settingsSchema && locales && { manifest, settingsSchema, locales },
		findings: [...findings.values()].sort((a, b) => rank(a) - rank(b)),
		signer,
		isTrusted: signer !== undefined && !isUntrusted,
	};
}

export function errorsIn({ findings }: PackageReview): readonly Finding[] {
	return findings.filter(({ severity }) => severity === "error");
}

/**
 * The error that says why the package is not from a trusted publisher. Undefined where it is, or where any publisher
 * will do.
 */
export function distrustIn(review: PackageReview): Finding | undefined {
	return errorsIn(review).find(isAboutSigner);
}

function isAboutSigner({ code }: Finding): boolean {
	return ["unsigned", "wrong-signature", "untrusted-key"].includes(code);
}

/** The manifest in a zip. Undefined when the zip is not a plugin. */
export function manifestIn(zip: Uint8Array): Manifest | undefined {
	return inspectZip(zip)?.manifest;
}

function inspectZip(zip: Uint8Array): ReturnType<typeof inspectPlugin> | undefined {
	try {
		return inspectPlugin(readArchive(zip), process.versions.node);
	} catch (error) {
		if (error instanceof ArchiveError) {
			return undefined;
		}
		throw error;
	}
}

function rank({ severity }: Finding): number {
	return severity === "error" ? 0 : 1;
}
