import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tinyZip } from "../artifact/plugin-versions.ts";
import { ADD_ONS } from "./install-add-on.ts";
import type { OpenHelpdesk } from "./open-helpdesk.ts";
import { INTEGRATIONS } from "./people-with-x.ts";

export const TINY = `${INTEGRATIONS}/tiny`;
/** The smallest log-in: it logs in user number one. */
export const LOG_IN = {
	onActivate: 'return { state: "ready" };',
	renderLoginButtons: `const { startPath } = await host.brands.find(given.brandId);
		return [{ id: "tiny", label: "Log in with Tiny", intent: "log-in", action: startPath, method: "post", fields: {}, order: 0, icon: "", html: \`<form method="post" action="\${startPath}"><button type="submit">Log in with Tiny</button></form>\` }];`,
	startLogin:
		'return { kind: "page", page: { status: 200, title: "Tiny", html: "<p>Tiny was asked</p>" } };',
};

export async function folderWith(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "marketplace-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const [name, bytes] of Object.entries(files)) {
		await writeFile(join(folder, name), bytes);
	}
	return folder;
}

export async function addOnsPage({ operator, portal }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${portal}${ADD_ONS}`)).html;
}

export const zip = tinyZip(LOG_IN);
