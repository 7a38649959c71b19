import type { LoginRequest } from "../../../src/contract/login-request.ts";
import type { LoginResponse } from "../../../src/contract/login-response.ts";
import type { PortalMutant } from "./open-broken.ts";

type LoginHook = "startLogin" | "handleCallback" | "continueLogin";

/** Calls hooks in a way of its own. */
export const calling = (
	breaks: readonly string[],
	hooks: NonNullable<PortalMutant["hooks"]>,
): PortalMutant => ({ breaks, hooks });

/** Tells a hook something else than what a visitor sent. */
export const asking = (
	promise: string,
	hook: LoginHook,
	change: (request: LoginRequest) => Partial<LoginRequest>,
): PortalMutant =>
	calling([promise], (hooks) => ({
		[hook]: (request: LoginRequest) => hooks[hook]({ ...request, ...change(request) }),
	}));

/** Makes something else of what a hook answers. */
export const answering = (
	breaks: readonly string[],
	hook: LoginHook,
	change: (response: LoginResponse, request: LoginRequest) => LoginResponse,
): PortalMutant =>
	calling(breaks, (hooks) => ({
		[hook]: async (request: LoginRequest) => change(await hooks[hook](request), request),
	}));
