// Entry of what needs the `openai` package, loaded when an endpoint is first used
export { createEndpointEngine, type EndpointEngine } from './endpoint/endpointEngine';
export { checkEndpoint, listModels, type EndpointCheck, type EndpointProblem } from './endpoint/checkEndpoint';
export { defaultTimeouts, type EndpointConfig, type EndpointLogEvent, type EndpointTimeouts } from './endpoint/config';
export type { EndpointModel } from './endpoint/models';
export { readPeerCertificate, type PeerCertificate } from './endpoint/peerCertificate';
export { proxyFromEnvironment, type ProxySettings } from './endpoint/proxy';
export { readCapability, type CapabilityMemory, type EndpointCapability } from './endpoint/capability';
export { createLanguageModelEngine, type LanguageModelConfig, type LanguageModelEngine } from './languageModel/languageModelEngine';
export type { ChatModel, ChatModelReply } from './languageModel/chatModel';
export { builtInTemplate, builtInVersions, isBuiltInVersion } from './prompts/builtIn';
export { readUserTemplate } from './prompts/parseTemplate';
export type { PromptPreview } from './prompts/preview';
