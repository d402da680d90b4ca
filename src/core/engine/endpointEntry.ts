// Entry of the bundle dist/endpoint.cjs: everything that needs the `openai` package, loaded when an endpoint is first used.
export { createEndpointEngine, type EndpointEngine } from './endpoint/endpointEngine';
export { checkEndpoint, listModels, type EndpointCheck, type EndpointProblem } from './endpoint/checkEndpoint';
export { defaultTimeouts, type EndpointConfig, type EndpointLogEvent, type EndpointTimeouts } from './endpoint/config';
export type { EndpointModel } from './endpoint/models';
