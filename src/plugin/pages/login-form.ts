import type { Brand } from "../../contract/brands.ts";
import type { PageResponse } from "../../contract/login-response.ts";
import type { Translate } from "../locale/messages.ts";
import type { Form } from "../login/form.ts";
import { formPage } from "../views/form-page.ts";

type Shown = Pick<
	Parameters<typeof formPage>[0],
	"title" | "sentences" | "linking" | "input" | "submit" | "correction" | "others"
> & { readonly screen: "grants" | "other-account" };

/** The page for a form between the callback and the end. */
export function loginForm(form: Form, brand: Brand, text: Translate): PageResponse {
	const { problem, returnPath, fields, linking } = form;
	const { screen, others, ...shown } = stepTexts(form, text);
	const { limit: name, waitMs = 0 } = typeof problem === "object" ? problem : { limit: problem };
	// Each sentence has it after a word for "in", so that languages with cases need one form of it.
	const wait = text("form.wait", { minutes: Math.ceil(waitMs / 60_000) });
	const page = formPage({
		...shown,
		status: name === undefined ? 200 : waitMs > 0 ? 429 : 400,
		problem: name && text(`form.problem.${name}`, { wait }),
		target: brand.continuePath,
		fields,
		others: [...others, { action: "cancel", label: text("form.cancel"), quiet: true }],
		atX: {
			label: text(screen === "grants" ? "form.ask-x-again" : "page.other-account"),
			action: brand.startPath,
			fields: { return_path: returnPath, ...(linking && { intent: "link" }), screen },
		},
	});
	return { kind: "page", page };
}

function stepTexts({ step, handle, problem }: Form, text: Translate): Shown {
	switch (step.kind) {
		case "email":
			return {
				title: text("form.email.title"),
				sentences: [text("form.email.text", { handle })],
				input: { name: "email", label: text("form.email.label") },
				submit: { action: "email", label: text("form.email.submit") },
				others: [],
				screen: "grants",
			};
		case "prove":
		case "claim": {
			const { email } = step;
			const password = { action: "log-in", label: text("form.prove.log-in"), quiet: true };
			return {
				title: text(`form.${step.kind}.title`),
				sentences: [text(`form.${step.kind}.text`, { handle, email })],
				submit: { action: "send-code", label: text("form.prove.submit", { email }) },
				others: step.kind === "prove" ? [password] : [],
				screen: "other-account",
			};
		}
		case "code": {
			const { email, address } = step;
			const isSaid = address !== "fixed" || problem === "address-fixed";
			return {
				title: text("form.code.title"),
				sentences: [
					text("form.code.text", { email }),
					...(isSaid ? [] : [text("form.problem.address-fixed")]),
				],
				input: { name: "code", label: text("form.code.label") },
				submit: { action: "code", label: text("form.code.submit") },
				...(address === "typed" && {
					correction: {
						summary: text("form.code.other-address"),
						input: { name: "email", label: text("form.email.label") },
						submit: { action: "email", label: text("form.email.submit") },
					},
				}),
				others: [{ action: "send-code", label: text("form.code.again"), quiet: true }],
				screen: "other-account",
			};
		}
		case "consent":
			return {
				title: text("form.consent.title"),
				sentences: [
					...(step.takesOver ? [text("form.consent.takes-over")] : []),
					text("form.consent.text", { handle }),
				],
				linking: { handle, account: step.account },
				submit: { action: "link", label: text("form.consent.submit") },
				others: [],
				screen: "other-account",
			};
	}
}
