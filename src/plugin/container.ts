import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import {
	type DependencyContainer,
	HOST,
	IDENTITY_PROVIDER,
	Lifecycle,
	LOGIN_SETTINGS,
	MESSAGES,
	NOTICES,
	newContainer,
} from "./injection.ts";
import type { Messages } from "./locale/messages.ts";
import { ProviderHealth } from "./login/provider/provider-health.ts";
import { RefusedNetworks } from "./login/provider/refused-networks.ts";
import { TrialNetworks } from "./login/provider/trial-networks.ts";
import { LocalisedNotices } from "./mail/localised-notices.ts";
import { BrandSettingsReader } from "./settings/brand-settings-reader.ts";
import { XProvider } from "./x/x-provider.ts";

/** Binds each port to its adapter. Each plugin object has its own container, so that two never share a host. */
export function composePlugin(host: HelpdeskHost, messages: Messages): DependencyContainer {
	const lifecycle = Lifecycle.ContainerScoped;
	return newContainer()
		.register(HOST, { useValue: host })
		.register(MESSAGES, { useValue: messages })
		.register(IDENTITY_PROVIDER, { useClass: XProvider }, { lifecycle })
		.register(ProviderHealth, { useClass: ProviderHealth }, { lifecycle })
		.register(RefusedNetworks, { useClass: RefusedNetworks }, { lifecycle })
		.register(TrialNetworks, { useClass: TrialNetworks }, { lifecycle })
		.register(NOTICES, { useClass: LocalisedNotices }, { lifecycle })
		.register(LOGIN_SETTINGS, { useClass: BrandSettingsReader }, { lifecycle });
}
