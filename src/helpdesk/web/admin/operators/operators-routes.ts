import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import {
	INVITATION_LIVES_MS,
	type Invitation,
	type OperatorInvitations,
} from "../../../people/operator-invitations.ts";
import { isRole } from "../../../people/operator-roles.ts";
import type { ListedOperator } from "../../../people/operator-roster.ts";
import type { OperatorChange, Operators } from "../../../people/operators.ts";
import type { SecondFactorRule } from "../../../people/second-factor/second-factor-rule.ts";
import type { SecondFactors } from "../../../people/second-factor/second-factors.ts";
import { type Markup, notice } from "../../layout.ts";
import { field, type Place, typedAddress } from "../../visit.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { asksFirst } from "../asking-first.ts";
import { NO_PROBLEMS, problemWith } from "../form-fields.ts";
import { pageOrFirst, withQuery } from "../list-pager.ts";
import { type OperatorApp, operatorOf } from "../operator-area.ts";
import { ADMIN_PATHS, operatorPaths } from "../paths.ts";
import { logOutQuestion, removalQuestion } from "./operator-questions.ts";
import { invitedPage, NOBODY, operatorPage, operatorsPage } from "./operators-page.ts";
import { ROLE_WORDS } from "./role-words.ts";

export interface OperatorParts {
	readonly place: Place;
	readonly brands: readonly Brand[];
	readonly operators: Operators;
	readonly secondFactors: SecondFactors;
	readonly secondFactorRule: SecondFactorRule;
	readonly invitations: OperatorInvitations;
	readonly outbox: Outbox;
	readonly hasMailServer: () => Promise<boolean>;
	readonly show: ShowPage;
}

const DONE: ReadonlyMap<string, string> = new Map([
	["role", "The role is changed."],
	["logged-out", "The operator is logged out everywhere."],
	["second-factor", "Saved. It applies at once, also to operators who are logged in."],
	["withdrawn", "The invitation is withdrawn: its link no longer works."],
	["removed", "The operator is removed and logged out everywhere."],
]);

const REFUSED: Readonly<Record<Exclude<OperatorChange, "changed">, string>> = {
	unknown: "The operator was removed meanwhile.",
	"last-owner":
		"Not changed: a helpdesk needs an owner, and this is the only one. Make somebody else an owner first.",
};

/** Owners decide who operates the helpdesk. */
export function operatorRoutes(app: OperatorApp, parts: OperatorParts): void {
	const { operators } = parts;
	const { operator, role, logOut, remove } = operatorPaths(":operatorId");
	app.get(ADMIN_PATHS.operators, async (c) => showAll(c, parts, doneIn(c)));
	app.post(ADMIN_PATHS.operators, async (c) => invite(c, parts));
	app.post(ADMIN_PATHS.withdrawInvitation, async (c) => {
		const email = canonicalEmail(typedAddress(c.var.visit.form));
		if (email === undefined) {
			return c.notFound();
		}
		await parts.invitations.withdraw(email);
		return c.redirect(withQuery(ADMIN_PATHS.operators, { done: "withdrawn" }), 303);
	});
	app.post(ADMIN_PATHS.requireSecondFactor, async (c) => {
		const least = field(c.var.visit.form, "least");
		if (least !== NOBODY && !isRole(least)) {
			return c.notFound();
		}
		await parts.secondFactorRule.requireFrom(least === NOBODY ? null : least);
		return c.redirect(withQuery(ADMIN_PATHS.operators, { done: "second-factor" }), 303);
	});
	app.get(operator, async (c) => {
		const found = await operatorIn(c, parts);
		return found === undefined ? c.notFound() : showOne(c, parts, found, doneIn(c));
	});
	app.post(role, async (c) => {
		const chosen = field(c.var.visit.form, "role");
		const found = await operatorIn(c, parts);
		if (found === undefined || !isRole(chosen)) {
			return c.notFound();
		}
		const changed = await operators.changeRole(found.id, chosen);
		if (changed !== "changed") {
			return showOne(c, parts, found, notice(REFUSED[changed], true), 409);
		}
		// Operators who are no owners any more cannot open the page of an operator, not even their own.
		const isLost = found.email === operatorOf(c) && chosen !== "owner";
		const next = isLost ? ADMIN_PATHS.profile : operatorPaths(found.id).operator;
		return c.redirect(withQuery(next, { done: "role" }), 303);
	});
	const about = (questionOf: typeof removalQuestion) =>
		asksFirst(parts.show, async (c) => {
			const found = await operatorIn(c, parts);
			return found && questionOf(found, found.email === operatorOf(c));
		});
	app.post(logOut, about(logOutQuestion), async (c) => {
		const found = await operatorIn(c, parts);
		return found === undefined || (await operators.endSessions(found.email)) === undefined
			? c.notFound()
			: c.redirect(withQuery(operatorPaths(found.id).operator, { done: "logged-out" }), 303);
	});
	app.post(remove, about(removalQuestion), async (c) => {
		const found = await operatorIn(c, parts);
		if (found === undefined) {
			return c.notFound();
		}
		// First, so that no crash in between leaves a link by which somebody who is removed comes back.
		await parts.invitations.withdraw(found.email);
		const removed = await operators.remove(found.id);
		return removed === "changed"
			? c.redirect(withQuery(ADMIN_PATHS.operators, { done: "removed" }), 303)
			: showOne(c, parts, found, notice(REFUSED[removed], true), 409);
	});
}

async function invite(c: AdminContext, parts: OperatorParts): Promise<Response> {
	const { form } = c.var.visit;
	const email = canonicalEmail(typedAddress(form));
	const role = field(form, "role");
	if (email === undefined || !isRole(role)) {
		return showAll(c, parts, html``, 400, "Enter an e-mail address and choose a role.");
	}
	if (await parts.operators.has(email)) {
		const sentence = `${email} is an operator already. Open their page to change the role.`;
		return showAll(c, parts, html``, 409, sentence);
	}
	const invitation: Invitation = { email, role, by: operatorOf(c) };
	const token = await parts.invitations.invite(invitation);
	const link = withQuery(`${parts.place.baseUrl}${ADMIN_PATHS.invitation}`, { token });
	const isWritten = await parts.hasMailServer();
	if (isWritten) {
		await parts.outbox.send(letterOf(parts, invitation, link));
	}
	return parts.show(c, "Operators", invitedPage(email, link, isWritten));
}

function letterOf({ place, brands }: OperatorParts, { email, role, by }: Invitation, link: string) {
	const [brand] = brands;
	const name = brand?.name ?? "the helpdesk";
	return {
		brandId: place.brandId,
		to: email,
		subject: `You are invited to operate ${name}`,
		text: `${by} invites you to operate the helpdesk of ${name}. Your role is ${ROLE_WORDS[role].toLowerCase()}.\n\nOpen this link within three days to choose a password:\n\n${link}\n\nIf you do not know this person, do nothing.`,
		usefulForMs: INVITATION_LIVES_MS,
	};
}

async function showAll(
	c: AdminContext,
	parts: OperatorParts,
	message: Markup,
	status = 200,
	/** What is wrong with the address that was typed. */
	problem?: string,
): Promise<Response> {
	const { csrf, form } = c.var.visit;
	const invited = await pageOrFirst(c.req.query("invited"), (cursor) =>
		parts.invitations.page(cursor),
	);
	const page = operatorsPage({
		...{ operators: await parts.operators.list(), own: operatorOf(c), csrf, message },
		invited: { ...invited.page, isFirst: invited.after === undefined },
		typed: typedAddress(form),
		problems: problem === undefined ? NO_PROBLEMS : problemWith("email", problem),
		leastWithSecondFactor: await parts.secondFactorRule.leastRole(),
	});
	return parts.show(c, "Operators", page, status);
}

async function showOne(
	c: AdminContext,
	parts: OperatorParts,
	operator: ListedOperator,
	message: Markup,
	status = 200,
): Promise<Response> {
	const isOwn = operator.email === operatorOf(c);
	const hasSecondFactor = (await parts.secondFactors.of(operator.email)) !== undefined;
	const { csrf } = c.var.visit;
	const owners = (await parts.operators.list()).filter(({ role }) => role === "owner");
	const isOnlyOwner = owners.length === 1 && owners[0]?.id === operator.id;
	const page = operatorPage({ operator, isOwn, isOnlyOwner, hasSecondFactor, csrf, message });
	return parts.show(c, operator.email, page, status);
}

async function operatorIn(
	c: AdminContext,
	{ operators }: OperatorParts,
): Promise<ListedOperator | undefined> {
	return (await operators.list()).find(({ id }) => id === c.req.param("operatorId"));
}

function doneIn(c: AdminContext): Markup {
	const sentence = DONE.get(c.req.query("done") ?? "");
	return sentence === undefined ? html`` : notice(sentence);
}
