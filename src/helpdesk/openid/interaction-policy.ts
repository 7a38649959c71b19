import type { KoaContextWithOIDC } from "oidc-provider";
import { assertedAddress } from "./claims.ts";
import type { Library, ProviderParts } from "./make-provider.ts";

type PolicyParts = Pick<ProviderParts, "accountOf" | "helpdesks" | "portal" | "agrees">;

/** When a visitor has to be asked. The library's own rules stand. */
export function interactionPolicy(
	{ interactionPolicy: { base, Check } }: Library,
	parts: PolicyParts,
) {
	const policy = base();
	policy.get("login")?.checks.add(
		new Check(
			"portal_session",
			"the visitor is not logged in at the portal",
			"login_required",
			async (c) => {
				const { accountId } = c.oidc.session ?? {};
				if (accountId === undefined) {
					return false;
				}
				const account = await parts.accountOf(accountId);
				return account === undefined || parts.portal.current()?.userId !== account.id;
			},
		),
	);
	const consent = policy.get("consent");
	consent?.checks.add(
		new Check(
			"email_needed",
			"a proven e-mail address is needed",
			"interaction_required",
			async (c) => {
				const asked = await askedFor(c, parts);
				return (
					asked?.helpdesk.needsEmail === true &&
					assertedAddress(asked.account, asked.helpdesk.neverAsserted) === undefined
				);
			},
		),
	);
	consent?.checks.add(
		new Check(
			"agreement_needed",
			"the visitor has not agreed to what the answer holds",
			"consent_required",
			async (c) => {
				const asked = await askedFor(c, parts);
				const { redirect_uri: redirectUri } = c.oidc.params ?? {};
				return (
					asked !== undefined &&
					!(await parts.agrees(asked.account, asked.helpdesk, String(redirectUri)))
				);
			},
		),
	);
	return policy;
}

/** The user and the helpdesk of a request; undefined while nobody is logged in. */
async function askedFor({ oidc }: KoaContextWithOIDC, { accountOf, helpdesks }: PolicyParts) {
	const { client, session } = oidc;
	const { accountId } = session ?? {};
	const account = accountId === undefined ? undefined : await accountOf(accountId);
	const helpdesk = client && (await helpdesks.find(client.clientId));
	return account && helpdesk && { account, helpdesk };
}
