import { type Finding, type FindingCode, finding, sentenceOf } from "../finding.ts";
import { PluginError } from "../plugin-error.ts";

/** A zip is refused before it is unpacked. */
export class ArchiveError extends PluginError {
	readonly finding: Finding;

	constructor(code: FindingCode, message: string, place: { readonly file?: string } = {}) {
		const found = finding(code, message, place);
		super(code, { problems: [sentenceOf(found)] });
		this.finding = found;
	}
}
