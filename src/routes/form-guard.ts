import type { Brand } from "../contract/brands.ts";
import type { FormField } from "../contract/login-request.ts";
import type { Random } from "../contract/random.ts";
import { formOrigin } from "./form-origin.ts";
import { type FormProof, formProof, isProven, withoutProof } from "./form-proof.ts";
import type { Incoming } from "./incoming.ts";
import { placeOf } from "./plugin-cookies.ts";
import type { Refusal } from "./refusal.ts";
import type { OwnCsrf } from "./route-options.ts";
import { formFields, isForm, MOST_FORM_BYTES, readBody } from "./sent-form.ts";

/** The fields of a form that was sent on purpose, or why it is refused. */
export type GuardedForm =
	| { readonly form: readonly FormField[]; readonly refusal?: undefined }
	| { readonly refusal: Refusal };

/** Tells forms that visitors send on purpose from others, by the helpdesk's own protection or by that of the routes. */
export class FormGuard<At> {
	constructor(
		private readonly own: OwnCsrf<At> | undefined,
		private readonly random: Random,
	) {}

	/** The field for the forms on the page that answers a request. */
	async proofFor(brand: Brand, incoming: Incoming, at: At): Promise<FormProof> {
		return this.own === undefined
			? formProof(incoming.header("cookie"), placeOf(brand), this.random)
			: { field: await this.own.field(at), cookies: [] };
	}

	/** The form of a POST, as the plugin gets it. */
	async read(brand: Brand, incoming: Incoming, at: At): Promise<GuardedForm> {
		const { header } = incoming;
		if (!isForm(header("content-type"))) {
			return { refusal: "type" };
		}
		const isLong = Number(header("content-length") ?? 0) > MOST_FORM_BYTES;
		const body = isLong ? undefined : await readBody(incoming.body());
		const form = body === undefined ? undefined : formFields(body);
		if (form === undefined) {
			return { refusal: "too-large" };
		}
		const origin = formOrigin(header, brand.baseUrl);
		if (origin === "foreign" || origin === "address") {
			return { refusal: "form" };
		}
		if (this.own !== undefined) {
			const [name] = await this.own.field(at);
			return (await this.own.check(at, form))
				? { form: form.filter(([each]) => each !== name) }
				: { refusal: "form" };
		}
		return isProven(header("cookie"), placeOf(brand), form)
			? { form: withoutProof(form) }
			: { refusal: "form" };
	}
}
