import type { Ready } from "../helpdesk/start-helpdesk.ts";
import type { Camera } from "./camera.ts";
import { Reader } from "./visitors.ts";

const UNDECIDED = "6253282";

/** The pages of the fake X. They are English. */
export async function takeFakeX(camera: Camera, ready: Ready, portal: string): Promise<void> {
	const { url: x, clientId } = ready.fakeX;
	const visitor = new Reader("en");
	// Somebody who has not approved the app. X leads others straight back.
	visitor.cookies.set("fake_x_account", UNDECIDED);
	const cookies = visitor.cookiesAt(x);
	const take = (name: string, address: string) => camera.take(`fake-x.${name}`, address, cookies);
	const there = await visitor.goToX(`${portal}/login`);
	await take("sign-in", there);
	await take("authorize", there.replace("/oauth/authenticate", "/oauth/authorize"));
	await take("dead-token", `${x}/oauth/authenticate?oauth_token=unknown`);
	for (const decision of ["cancel", "approve"]) {
		await visitor.open(await visitor.goToX(`${portal}/login`));
		await visitor.send("decision", decision);
		await camera.takeAnswer(`fake-x.decided.${decision}`, visitor.answer);
	}
	const oauth2 = new URLSearchParams({
		...{ response_type: "code", client_id: clientId, scope: "users.read tweet.read users.email" },
		...{ redirect_uri: `${portal}/login/x-login/callback`, state: "a-state" },
		...{ code_challenge: "a".repeat(43), code_challenge_method: "S256" },
	});
	await take("oauth2", `${x}/i/oauth2/authorize?${oauth2}`);
	await take("oauth2.wrong", `${x}/i/oauth2/authorize`);
	await take("developer", `${x}/_fake`);
	await visitor.open(`${x}/_fake`);
	await visitor.send("do", "fault");
	await camera.takeAnswer("fake-x.developer.fault", visitor.answer);
	await visitor.send("do", "clear");
}
