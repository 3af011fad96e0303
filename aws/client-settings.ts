type Environment = Readonly<Record<string, string | undefined>>;

/** One attempt of a request: no answer of ours takes that long unless something is broken. */
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/**
 * Settings of one service's client. Region, endpoint and credentials come from the environment that is given, by the names
 * that every AWS SDK knows; what it lacks the SDK looks for itself.
 * @param service As in `AWS_ENDPOINT_URL_<service>`.
 */
export function clientSettings(environment: Environment, service: string) {
  return {
    ...regionOf(environment),
    ...credentialsOf(environment),
    ...endpointOf(environment, service),
    requestHandler,
  };
}

function regionOf({ AWS_REGION, AWS_DEFAULT_REGION }: Environment) {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  return region ? { region } : {};
}

/** The address that stands in for AWS's own, if the environment names one. */
export function endpointOf(environment: Environment, service: string): { readonly endpoint?: string } {
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment.AWS_ENDPOINT_URL;
  return endpoint ? { endpoint } : {};
}

function credentialsOf(environment: Environment) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const { AWS_SESSION_TOKEN: sessionToken } = environment;
  if (!accessKeyId || !secretAccessKey) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
}
