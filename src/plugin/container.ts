import type { HelpdeskHost } from "../contract/helpdesk-host.ts";
import {
	type DependencyContainer,
	HOST,
	IDENTITY_PROVIDER,
	Lifecycle,
	LOGIN_SETTINGS,
	newContainer,
} from "./injection.ts";
import { BrandSettingsReader } from "./settings/brand-settings-reader.ts";
import { XClient } from "./x/x-client.ts";

/** Which adapter stands behind which port. One container for each plugin object, so that two never share a host. */
export function composePlugin(host: HelpdeskHost): DependencyContainer {
	const lifecycle = Lifecycle.ContainerScoped;
	return newContainer()
		.register(HOST, { useValue: host })
		.register(IDENTITY_PROVIDER, { useClass: XClient }, { lifecycle })
		.register(LOGIN_SETTINGS, { useClass: BrandSettingsReader }, { lifecycle });
}
