import { orUnreadable } from "../../storage/stored-value.ts";
import {
	aboutHelpdesk,
	type ConnectionCheck,
	type DiagnosedBrand,
	UNREADABLE,
	usedCheck,
} from "../openid/diagnose-connections.ts";
import type { HandOffHelpdesk } from "./hand-off-helpdesk.ts";
import type { HandOffHelpdesks } from "./hand-off-helpdesks.ts";
import type { BrandHandOffs } from "./open-hand-offs.ts";
import { handOffPresetOf } from "./presets/hand-off-presets.ts";

type Check = Omit<ConnectionCheck, "helpdesk">;

/**
 * Looks at the helpdesks of a brand that take a signed token. It stores nothing and asks nobody.
 *
 * @param keyFile where the key file is, for sentences.
 * @throws StorageError
 */
export async function diagnoseHandOffs(
	brand: DiagnosedBrand,
	handOffs: Pick<BrandHandOffs, "of">,
	keyFile: string,
): Promise<readonly ConnectionCheck[]> {
	const { helpdesks } = handOffs.of(brand.id);
	const unreadable: ConnectionCheck[] = [];
	const all = await helpdesks.all(() => unreadable.push(UNREADABLE));
	const each = await Promise.all(
		all.map(async (helpdesk) => {
			const lastUsed = await orUnreadable(() => helpdesks.lastUsed(helpdesk.id));
			const checks = [usedCheck(lastUsed, brand), ...secretChecks(helpdesk, helpdesks, keyFile)];
			return checks.map((check) => aboutHelpdesk(helpdesk, check));
		}),
	);
	return [...unreadable.slice(0, 1), ...each.flat()];
}

function secretChecks(
	helpdesk: HandOffHelpdesk,
	helpdesks: Pick<HandOffHelpdesks, "secretOf">,
	keyFile: string,
): readonly Check[] {
	const preset = handOffPresetOf(helpdesk.preset);
	if (preset === undefined) {
		const text = `this version does not know the kind of helpdesk ${helpdesk.preset}, so nobody gets there. Use the version that connected it.`;
		return [{ id: "preset", state: "failed", text }];
	}
	const { secretLabel, hasApi } = preset;
	const opened = (id: "secret" | "api-token", name: "secret" | "apiToken", label: string): Check =>
		opens(helpdesk, helpdesks, name)
			? { id, state: "ok", text: `its ${label} can be decrypted with the key file ${keyFile}.` }
			: {
					...{ id, state: "failed" },
					text: `its ${label} cannot be decrypted with the key file ${keyFile}. Give the key file that it was stored with, or enter it again under Connected helpdesks.`,
				};
	const missing = `there is no ${secretLabel}, so nobody gets there. Enter it under Connected helpdesks.`;
	return [
		helpdesk.secret === null
			? { id: "secret", state: "failed", text: missing }
			: opened("secret", "secret", secretLabel),
		...(hasApi && helpdesk.apiToken !== null ? [opened("api-token", "apiToken", "API token")] : []),
	];
}

function opens(
	helpdesk: HandOffHelpdesk,
	helpdesks: Pick<HandOffHelpdesks, "secretOf">,
	name: "secret" | "apiToken",
): boolean {
	try {
		helpdesks.secretOf(helpdesk, name);
		return true;
	} catch {
		return false;
	}
}
