import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { FormField } from "../../contract/login-request.ts";
import { HOST, inject, injectable } from "../injection.ts";
import type {
	BegunLogin,
	Callback,
	Credentials,
	Identity,
	IdentityProvider,
	LoginWish,
	Profile,
} from "../login/provider/identity-provider.ts";
import type { ProviderCalls } from "../login/provider/provider-calls.ts";
import { OAuth1Client } from "./oauth1-client.ts";
import type { OAuth2Client } from "./oauth2-client.ts";
import { readCallback } from "./read-callback.ts";
import { XCalls } from "./x-calls.ts";

/** X under the protocol of the given keys. The part for OAuth 2.0 is evaluated when a brand first uses it. */
@injectable()
export class XProvider implements IdentityProvider {
	private readonly x: XCalls;
	private readonly oauth1: OAuth1Client;
	private evaluated: Promise<OAuth2Client> | undefined;

	constructor(@inject(HOST) private readonly host: HelpdeskHost) {
		this.x = new XCalls(host);
		this.oauth1 = new OAuth1Client(host, this.x);
	}

	get skewMs(): number | undefined {
		return this.x.skewMs;
	}

	async begin(keys: Credentials, wish: LoginWish, calls: ProviderCalls): Promise<BegunLogin> {
		return keys.protocol === "oauth1"
			? this.oauth1.begin(keys, wish, calls)
			: (await this.oauth2()).begin(keys, wish);
	}

	readCallback(query: readonly FormField[]): Callback {
		return readCallback(query);
	}

	async exchange(
		keys: Credentials,
		begun: Omit<BegunLogin, "authorizeUrl">,
		returned: Parameters<IdentityProvider["exchange"]>[2],
		calls: ProviderCalls,
	): Promise<Identity> {
		return keys.protocol === "oauth1"
			? this.oauth1.exchange(keys, begun, returned.proof, calls)
			: (await this.oauth2()).exchange(keys, begun, returned, calls);
	}

	async readProfile(keys: Credentials, identity: Identity, calls: ProviderCalls): Promise<Profile> {
		const { access } = identity;
		return "token" in access
			? this.oauth1.readProfile(keys, { ...identity, access }, calls)
			: access;
	}

	async probe(keys: Credentials, callbackUrl: string, calls: ProviderCalls): Promise<void> {
		await (await this.oauth2()).probe(keys, callbackUrl, calls);
	}

	private oauth2(): Promise<OAuth2Client> {
		this.evaluated ??= import("./oauth2-client.ts").then(
			({ OAuth2Client: Client }) => new Client(this.host, this.x),
		);
		return this.evaluated;
	}
}
