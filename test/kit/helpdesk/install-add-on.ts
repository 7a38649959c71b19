import type { HttpVisitor, Seen } from "./http-visitor.ts";

export const ADD_ONS = "/admin/settings/general/add-ons";

/** Uploads a zip as an operator does. @returns the review, or the reason why there is none. */
export async function upload(
	operator: HttpVisitor,
	portal: string,
	zip: Uint8Array,
	signature?: Uint8Array,
	fileName = "add-on.zip",
): Promise<Seen> {
	const { html } = await operator.open(`${portal}${ADD_ONS}`);
	const body = new FormData();
	body.set("_csrf", /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "");
	body.set("zip", new File([new Uint8Array(zip)], fileName));
	if (signature !== undefined) {
		body.set("signature", new File([new Uint8Array(signature)], "add-on.zip.sig"));
	}
	return operator.open(`${portal}${ADD_ONS}/upload`, { method: "POST", body });
}

/** Uploads a zip, and presses Install or Upgrade. */
export async function install(
	operator: HttpVisitor,
	portal: string,
	zip: Uint8Array,
): Promise<Seen> {
	await upload(operator, portal, zip);
	return operator.submit(`${ADD_ONS}/install`);
}
