import type { Manifest } from "../../contract/manifest.ts";
import { findSvg } from "../find-svg.ts";
import { type Finding, type FindingCode, finding, type Report } from "../finding.ts";
import { MANIFEST } from "../load/read-manifest.ts";
import { type InspectedPlugin, inspectPlugin } from "../load/read-plugin.ts";
import { DOCUMENTS, isPartOf, SBOM } from "../pack/pack-plugin.ts";
import { ArchiveError } from "../zip/archive-error.ts";
import { isPlainName } from "../zip/file-names.ts";
import { compareIntegrity, INTEGRITY } from "../zip/integrity.ts";
import { readArchive } from "../zip/read-archive.ts";
import { findInCode } from "./find-code.ts";
import { findReadableSecrets } from "./find-readable-secrets.ts";
import { findSecrets } from "./find-secrets.ts";
import { findPlainHttp } from "./find-urls.ts";

const SHOWN_OF_A_KIND = 20;

/** Every finding that a marketplace would have about a zip. Runs none of its code, and never throws. */
export function validateArchive(zip: Uint8Array): Finding[] {
	let files: ReadonlyMap<string, Uint8Array>;
	try {
		files = readArchive(zip);
	} catch (error) {
		if (error instanceof ArchiveError) {
			return [error.finding];
		}
		throw error;
	}
	const inspected = inspectPlugin(files);
	return [...validateInspected(files, inspected), ...findUnlisted(files, inspected)];
}

/** Every finding that a marketplace would have about a plugin with these files. */
export function validateFiles(files: ReadonlyMap<string, Uint8Array>): Finding[] {
	return validateInspected(files, inspectPlugin(files));
}

function validateInspected(
	files: ReadonlyMap<string, Uint8Array>,
	inspected: InspectedPlugin,
): Finding[] {
	const findings: Finding[] = [];
	const counts = new Map<string, number>();
	const report: Report = (found) => {
		const count = (counts.get(kindOf(found)) ?? 0) + 1;
		counts.set(kindOf(found), count);
		if (count <= SHOWN_OF_A_KIND) {
			findings.push(found);
		}
	};
	const { manifest, settingsSchema, icon, main, findings: faults } = inspected;
	for (const fault of faults) {
		report(fault);
	}
	if (manifest !== undefined) {
		findUnsafePaths(manifest, report);
		if (settingsSchema !== undefined) {
			findReadableSecrets(manifest.settingsSchema, settingsSchema, report);
		}
		if (icon !== undefined) {
			findSvg(manifest.icon, new TextDecoder().decode(icon), report);
		}
		if (main !== undefined) {
			findInCode(manifest, main, report);
		}
	}
	findMissingDocuments(files, report);
	for (const [file, bytes] of files) {
		const text = new TextDecoder().decode(bytes);
		if (file !== INTEGRITY) {
			findSecrets(file, text, report);
		}
		if (isPartOf(inspected, file) && file !== manifest?.main) {
			findPlainHttp(file, text, report);
		}
	}
	const told = new Set<string>();
	return findings.map((found) => {
		const more = (counts.get(kindOf(found)) ?? 0) - SHOWN_OF_A_KIND;
		const isFirst = more > 0 && !told.has(kindOf(found));
		told.add(kindOf(found));
		return isFirst ? { ...found, message: `${found.message} (${more} more are not shown)` } : found;
	});
}

function kindOf({ code, file }: Finding): string {
	return `${code} ${file}`;
}

function findUnsafePaths({ main, icon, settingsSchema }: Manifest, report: Report): void {
	for (const path of [main, icon, settingsSchema].filter((each) => !isPlainName(each))) {
		const message = `it names ${path}, which is not a plain relative name`;
		report(finding("unsafe-path", message, { file: MANIFEST }));
	}
}

function findMissingDocuments(files: ReadonlyMap<string, Uint8Array>, report: Report): void {
	const wanted: [FindingCode, string][] = [
		...DOCUMENTS.map((file): [FindingCode, string] => ["missing-document", file]),
		["missing-sbom", SBOM],
	];
	for (const [code, file] of wanted.filter(([, file]) => (files.get(file)?.length ?? 0) === 0)) {
		report(finding(code, "it is missing or empty", { file }));
	}
}

/** Findings that only a zip can have: files that are not part of the plugin, and a wrong list of files. */
function findUnlisted(
	files: ReadonlyMap<string, Uint8Array>,
	inspected: InspectedPlugin,
): Finding[] {
	const extra = [...files.keys()].filter(
		(file) => inspected.manifest && file !== INTEGRITY && !isPartOf(inspected, file),
	);
	const integrity = files.has(INTEGRITY)
		? compareIntegrity(files)
		: [finding("missing-integrity", "the list of files is missing", { file: INTEGRITY })];
	return [
		...extra.map((file) => finding("extra-file", "it is not part of the plugin", { file })),
		...integrity,
	];
}
