/** How OTLP messages stand in a body. Answers are in the encoding of their request. */
export type OtlpEncoding = 'protobuf' | 'json';
