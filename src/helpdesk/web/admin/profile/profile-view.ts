import { hasChosenAlerts } from "../../../alerts/wants-alerts.ts";
import type { OperatorAddresses, OperatorAtBrowser } from "../../../people/operator-addresses.ts";
import { FIRST_OPERATOR } from "../../../people/operator-roster.ts";
import type { SecondFactorRule } from "../../../people/second-factor/second-factor-rule.ts";
import { type Markup, notice } from "../../layout.ts";
import { typedAddress } from "../../visit.ts";
import type { AdminContext } from "../admin-pages.ts";
import { NO_PROBLEMS, type Problems, problemSummary, problemWith } from "../form-fields.ts";
import type { LogInParts } from "../log-in/log-in-routes.ts";
import { operatorOf, sessionEpochOf } from "../operator-area.ts";
import { partyOf } from "../second-factor/passkey-place.ts";
import { secondFactorCard } from "../second-factor/second-factor-pages.ts";
import { addressCard } from "./address-card.ts";
import { profilePage } from "./profile-page.ts";

export interface ProfileViewParts extends LogInParts {
	readonly secondFactorRule: SecondFactorRule;
	readonly operatorAddresses: OperatorAddresses;
	readonly hasMailServer: () => Promise<boolean>;
}

/** Shows operators their own profile. */
export async function showProfile(
	c: AdminContext,
	parts: ProfileViewParts,
	message: Markup,
	status = 200,
	problems = NO_PROBLEMS,
): Promise<Response> {
	const { csrf, session, sessionId: ownId, locale } = c.var.visit;
	const sessions = session === undefined ? [] : await parts.place.sessions.listOf(session);
	const page = profilePage({
		...{ csrf, email: operatorOf(c), message, problems, sessions: { sessions, ownId } },
		address: await addressIn(c, parts, problems),
		secondFactor: await secondFactorIn(c, parts),
		alerts: await getsAlerts(c, parts),
		isMadeUp: operatorOf(c) === FIRST_OPERATOR,
		locale,
	});
	return parts.show(c, locale.text("profile.title"), page, status);
}

/** The profile, with what is wrong with a form that was sent from it. @param field left out: it is about none. */
export function refuseOnProfile(
	c: AdminContext,
	parts: ProfileViewParts,
	sentence: string,
	status: number,
	field?: "current" | "new" | "new-address" | "address-code",
): Promise<Response> {
	if (field === undefined) {
		return showProfile(c, parts, notice(sentence, true), status);
	}
	const problems = problemWith(field, sentence);
	return showProfile(c, parts, problemSummary(problems), status, problems);
}

export function operatorAt(
	c: AdminContext,
	{ networkOf }: Pick<ProfileViewParts, "networkOf">,
): OperatorAtBrowser {
	const { token: browserToken } = c.var.visit;
	const operator = { email: operatorOf(c), sessionEpoch: sessionEpochOf(c) };
	return { ...operator, browserToken, network: networkOf(c) };
}

async function getsAlerts(c: AdminContext, { operators }: ProfileViewParts): Promise<boolean> {
	const all = await operators.list();
	return all.some((operator) => operator.email === operatorOf(c) && hasChosenAlerts(operator));
}

async function addressIn(
	c: AdminContext,
	parts: ProfileViewParts,
	problems: Problems,
): Promise<Markup> {
	const { csrf, form, locale } = c.var.visit;
	const hasMailServer = await parts.hasMailServer();
	const sent = await parts.operatorAddresses.sentTo(operatorAt(c, parts));
	return addressCard({ csrf, hasMailServer, sent, typed: typedAddress(form), problems, locale });
}

async function secondFactorIn(c: AdminContext, parts: ProfileViewParts): Promise<Markup> {
	const factor = await parts.secondFactors.of(operatorOf(c));
	const { role = "support" } = c.var.operator ?? {};
	const isRequired = await parts.secondFactorRule.isRequiredOf(role);
	const { csrf, locale } = c.var.visit;
	return secondFactorCard(csrf, factor, { isRequired, rpId: partyOf(parts)?.id, locale });
}
