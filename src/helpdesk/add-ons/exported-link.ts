import type { ExportedLink } from "../../contract/link-transfer.ts";
import { isTime } from "../../storage/stored-value.ts";

/** Whether a link is as the contract says. Older plugins export what they cannot read as a link without a user. */
export function isExportedLink(link: ExportedLink): boolean {
	const { identityId, handle, userId, linkedAt }: Readonly<Record<string, unknown>> = { ...link };
	return [identityId, handle, userId].every((text) => typeof text === "string") && isTime(linkedAt);
}
