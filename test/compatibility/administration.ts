import { parse } from "csv-parse/sync";
import type { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import type { EndedAttempt, ExportedUser } from "./fixture.ts";

export const INTEGRATIONS = "/admin/settings/general/integrations";
export const X = `${INTEGRATIONS}/x-login`;
export const SOCIAL_LOGIN = "/admin/settings/users/social-login";
export const REGISTRATION = "/admin/settings/users/registration";

export async function logInOperator(
	operator: HttpVisitor,
	origin: string,
	{ email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
	await operator.open(`${origin}/admin/login`);
	await operator.submit("/admin/login", { email, password });
	if (operator.seen.url !== `${origin}/admin`) {
		throw new Error(`the operator does not get in: ${operator.seen.html}`);
	}
}

/** All users as the administration exports them, by their ids. */
export async function exportUsers(operator: HttpVisitor, origin: string): Promise<ExportedUser[]> {
	const { html } = await operator.open(`${origin}/admin/users`);
	const paths = [...html.matchAll(/"(\/admin\/users\/[\w-]+\/export)"/g)].map(([, path]) => path);
	const users: ExportedUser[] = [];
	for (const path of paths.sort()) {
		users.push((await (await operator.request(`${origin}${path}`)).json()) as ExportedUser);
	}
	return users;
}

/** How log-ins ended within 90 days, the newest first. */
export async function exportAttempts(
	operator: HttpVisitor,
	origin: string,
): Promise<EndedAttempt[]> {
	const answer = await operator.request(`${origin}/admin/sign-ins/export?period=quarter`);
	const rows = parse(await answer.text(), { bom: true, columns: true }) as Record<string, string>[];
	return rows.map((row) => ({
		traceCode: row["trace code"] ?? "",
		outcome: row["outcome"] ?? "",
		code: row["code"] ?? "",
	}));
}

export async function readMailbox(operator: HttpVisitor, origin: string): Promise<string> {
	return (await operator.open(`${origin}/admin/mailbox`)).html;
}
