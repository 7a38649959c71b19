import type { Finding } from "../../artifact/finding.ts";

/**
 * Prints findings for people, or as one line of JSON for programs. The process exits with 1 if one of them is an error.
 *
 * @param result more fields for programs.
 * @param praise the sentence for people when there are no findings.
 */
export function printFindings(
	findings: readonly Finding[],
	{ json, result, praise }: { json: boolean; result: object; praise: string },
): void {
	const errors = findings.filter(({ severity }) => severity === "error").length;
	const warnings = findings.length - errors;
	if (json) {
		console.log(JSON.stringify({ ...result, ok: errors === 0, errors, warnings, findings }));
	} else {
		for (const { code, severity, file, line, message, fix } of findings) {
			const place = [file, line].filter((part) => part !== undefined).join(":");
			console.log(`${severity} ${code}${place && ` in ${place}`}: ${message}\n  to fix it: ${fix}`);
		}
		console.log(
			findings.length === 0
				? praise
				: `${counted(errors, "error")}, ${counted(warnings, "warning")}`,
		);
	}
	process.exitCode = errors === 0 ? 0 : 1;
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}
