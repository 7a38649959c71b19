import type { LoginRequest } from "../../../src/contract/login-request.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { PortalMutant } from "./open-broken.ts";

type LoginHook = "startLogin" | "handleCallback" | "continueLogin";

/** Changes how hooks are called. */
export const calling = (
	breaks: readonly string[],
	hooks: NonNullable<PortalMutant["hooks"]>,
): PortalMutant => ({ breaks, hooks });

/** Changes the request that a hook gets. */
export const asking = (
	promise: string,
	hook: LoginHook,
	change: (request: LoginRequest) => Partial<LoginRequest>,
): PortalMutant =>
	calling([promise], (hooks) => ({
		[hook]: (request: LoginRequest) => hooks[hook]({ ...request, ...change(request) }),
	}));

/** Changes the answer of a hook. */
export const answering = (
	breaks: readonly string[],
	hook: LoginHook,
	change: (response: LoginResponse, request: LoginRequest) => LoginResponse,
): PortalMutant =>
	calling(breaks, (hooks) => ({
		[hook]: async (request: LoginRequest) => change(await hooks[hook](request), request),
	}));
