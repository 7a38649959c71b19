import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { canonicalEmail } from "../../../../contract/email-address.ts";
import type { TextKey } from "../../../locale/locale.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import type { Invitation, OperatorInvitations } from "../../../people/operator-invitations.ts";
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
import { invitationLetter } from "./invitation-letter.ts";
import { operatorPage } from "./operator-page.ts";
import { logOutQuestion, removalQuestion } from "./operator-questions.ts";
import { invitedPage, NOBODY, operatorsPage } from "./operators-page.ts";

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

const DONE: ReadonlyMap<string, TextKey> = new Map([
	["role", "operator.role.changed"],
	["logged-out", "operator.sessions.logged-out"],
	["second-factor", "operators.second-factor.saved"],
	["withdrawn", "operators.invitations.withdrawn"],
	["removed", "operator.removed"],
]);

const REFUSED: Readonly<Record<Exclude<OperatorChange, "changed">, TextKey>> = {
	unknown: "operator.gone",
	"last-owner": "operator.last-owner",
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
			return showOne(c, parts, found, refusal(c, changed), 409);
		}
		// Operators who are no owners any more cannot open the page of an operator, not even their own.
		const isLost = found.email === operatorOf(c) && chosen !== "owner";
		const next = isLost ? ADMIN_PATHS.profile : operatorPaths(found.id).operator;
		return c.redirect(withQuery(next, { done: "role" }), 303);
	});
	const about = (questionOf: typeof removalQuestion) =>
		asksFirst(parts.show, async (c) => {
			const found = await operatorIn(c, parts);
			return found && questionOf(found, found.email === operatorOf(c), c.var.visit.locale);
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
			: showOne(c, parts, found, refusal(c, removed), 409);
	});
}

async function invite(c: AdminContext, parts: OperatorParts): Promise<Response> {
	const { form, locale } = c.var.visit;
	const { text } = locale;
	const email = canonicalEmail(typedAddress(form));
	const role = field(form, "role");
	if (email === undefined || !isRole(role)) {
		return showAll(c, parts, html``, 400, text("operators.invite.invalid"));
	}
	if (await parts.operators.has(email)) {
		return showAll(c, parts, html``, 409, text("operators.invite.exists", { email }));
	}
	const invitation: Invitation = { email, role, by: operatorOf(c) };
	const token = await parts.invitations.invite(invitation);
	const link = withQuery(`${parts.place.baseUrl}${ADMIN_PATHS.invitation}`, { token });
	const isWritten = await parts.hasMailServer();
	if (isWritten) {
		const { brandId } = parts.place;
		const brand = parts.brands[0]?.name ?? brandId;
		const letter = invitationLetter(brand, invitation, link, locale);
		await parts.outbox.send({ brandId, to: email, ...letter });
	}
	const page = invitedPage(email, link, isWritten, locale);
	return parts.show(c, text("operators.title"), page);
}

async function showAll(
	c: AdminContext,
	parts: OperatorParts,
	message: Markup,
	status = 200,
	/** What is wrong with the address that was typed. */
	problem?: string,
): Promise<Response> {
	const { csrf, form, locale } = c.var.visit;
	const invited = await pageOrFirst(c.req.query("invited"), (cursor) =>
		parts.invitations.page(cursor),
	);
	const page = operatorsPage({
		...{ operators: await parts.operators.list(), own: operatorOf(c), csrf, message, locale },
		invited: { ...invited.page, isFirst: invited.after === undefined },
		typed: typedAddress(form),
		problems: problem === undefined ? NO_PROBLEMS : problemWith("email", problem),
		leastWithSecondFactor: await parts.secondFactorRule.leastRole(),
	});
	return parts.show(c, locale.text("operators.title"), page, status);
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
	const { csrf, locale } = c.var.visit;
	const owners = (await parts.operators.list()).filter(({ role }) => role === "owner");
	const isOnlyOwner = owners.length === 1 && owners[0]?.id === operator.id;
	const about = { operator, isOwn, isOnlyOwner, hasSecondFactor };
	const page = operatorPage({ ...about, csrf, message, locale });
	return parts.show(c, operator.email, page, status);
}

async function operatorIn(
	c: AdminContext,
	{ operators }: OperatorParts,
): Promise<ListedOperator | undefined> {
	return (await operators.list()).find(({ id }) => id === c.req.param("operatorId"));
}

function doneIn(c: AdminContext): Markup {
	const done = DONE.get(c.req.query("done") ?? "");
	return done === undefined ? html`` : notice(c.var.visit.locale.text(done));
}

function refusal(c: AdminContext, why: Exclude<OperatorChange, "changed">): Markup {
	return notice(c.var.visit.locale.text(REFUSED[why]), true);
}
