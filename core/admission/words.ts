import { invalid } from "./findings.ts";
import { integer, type Reader, text } from "./readers.ts";

/** What namespaces, services, containers and ports are called. */
export const nameText = text({
  allowed: "1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends",
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
});

/** A key of a label or an annotation. */
export const labelKey = text({
  allowed: "1 to 128 of A-Z, a-z, 0-9, _, ., / and -, with a letter or digit first",
  pattern: /^[A-Za-z0-9][A-Za-z0-9_./-]{0,127}$/,
});

/** Name of an environment variable. */
export const variableName = text({
  allowed: "named with 1 to 255 of A-Z, a-z, 0-9, _, . and -, with a letter or _ first",
  pattern: /^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/,
});

/** Name of a node attribute, as ECS has them; `zone` and `node` are ours. */
export const attributeName = text({
  allowed: "zone, node or a node attribute: 1 to 128 of A-Z, a-z, 0-9, _, ., / and -",
  pattern: /^[A-Za-z0-9_./-]{1,128}$/,
});

/** Value of a node attribute. */
export const attributeValue = text({
  allowed: "1 to 128 of A-Z, a-z, 0-9, _, ., @, /, :, - and inner spaces",
  pattern: /^[A-Za-z0-9_.@/:-](?:[A-Za-z0-9_.@/: -]{0,126}[A-Za-z0-9_.@/:-])?$/,
});

/** Of any partition, so that a local cluster's are accepted as AWS's are. */
export const roleArn = text({
  allowed: "the ARN of an IAM role",
  pattern: /^arn:[a-z0-9-]+:iam::[0-9]{12}:role\/[A-Za-z0-9_+=,.@/-]{1,576}$/,
});

/** A load balancer's target group, of any partition. */
export const targetGroupArn = text({
  allowed: "the ARN of a target group",
  pattern:
    /^arn:[a-z0-9-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[A-Za-z0-9]{1,32}$/,
});

/** An SQS queue, standard or FIFO; whether it exists is found out when it is looked at. */
export const queueArn = text({
  allowed: "the ARN of an SQS queue",
  pattern: /^arn:aws(?:-cn|-us-gov)?:sqs:[a-z0-9-]{1,32}:[0-9]{12}:(?:[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo)$/,
});

/** What is refused here may be the secret itself, so it is never shown. */
export const secretArn = text({
  allowed: "the ARN of a Secrets Manager secret or an SSM parameter",
  pattern:
    /^arn:[a-z0-9-]+:(?:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter\/)[A-Za-z0-9_+=.@:/-]{1,2048}$/,
  veil: true,
});

/** A subnet; whether it exists is ECS's to find out. */
export const subnetId = text({ allowed: "the id of a subnet, subnet-…", pattern: /^subnet-[a-z0-9-]{1,56}$/ });

/** A security group. */
export const securityGroupId = text({ allowed: "the id of a security group, sg-…", pattern: /^sg-[a-z0-9-]{1,60}$/ });

/** Registry, repository, tag and digest; whether it exists is ECS's to find out. A digest does not count in the length. */
export const imageName = text({
  allowed:
    "the name of an image: 1 to 255 of A-Z, a-z, 0-9, _, ., /, :, # and -, with a letter or digit first; after it may stand @sha256: and 64 of a-f and 0-9",
  pattern: /^[A-Za-z0-9][A-Za-z0-9_./:#-]{0,254}(?:@sha256:[A-Fa-f0-9]{64})?$/,
});

/** A Secrets Manager secret as a whole. What is refused here may be the secret itself, so it is never shown. */
export const wholeSecretArn = text({
  allowed: "the ARN of a Secrets Manager secret",
  pattern: /^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9_+=.@/-]{1,519}$/,
  veil: true,
});

/** A file of variables in S3. What is refused here may be its content, so it is never shown. */
export const environmentFileArn = text({
  allowed: "the ARN of an object in S3 whose key ends in .env",
  pattern: /^arn:[a-z0-9-]+:s3:::[a-z0-9][a-z0-9.-]{2,62}\/.{0,1020}\.env$/,
  veil: true,
});

/** An EFS file system; whether it exists is found out when a task starts. */
export const fileSystemId = text({
  allowed: "the id of an EFS file system: fs- and 8 to 40 of 0-9 and a-f",
  pattern: /^fs-[0-9a-f]{8,40}$/,
});

/** An access point of an EFS file system. */
export const accessPointId = text({
  allowed: "the id of an EFS access point: fsap- and 8 to 40 of 0-9 and a-f",
  pattern: /^fsap-[0-9a-f]{8,40}$/,
});

/** User, and perhaps group, that a container runs as. */
export const userName = text({
  allowed: "user, user:group or their numbers",
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?$/,
});

/** A folder inside a container. */
export const absolutePath = text({
  allowed: "an absolute path of at most 1024 characters",
  pattern: /^\//,
  most: 1024,
});

/** A folder that is mounted, or mounted at: Docker has no other than the root, and parts its paths by colons. */
export const folderPath = text({
  allowed: "an absolute path of at most 1024 characters, without : and not /",
  pattern: /^\/+[^:/][^:]*$/,
  most: 1024,
});

/** One argument of a command; may hold several lines. */
export const argument = text({ allowed: "text", lines: true, mayBeEmpty: true });

const generation = integer(1, Number.MAX_SAFE_INTEGER);

/** What an earlier revision is called by: the generation that brought it in, or its name, of which a unique start will do. */
export const generationOrRevision: Reader<number | string> = {
  allowed: `a generation, ${generation.allowed}, or the first 4 to 10 characters of a revision (0-9, a-f) as text`,
  read(value, place, findings) {
    if (typeof value === "string" && /^[0-9a-f]{4,10}$/.test(value)) return value;
    return typeof value === "number"
      ? generation.read(value, place, findings)
      : invalid(findings, place, generationOrRevision.allowed, value);
  },
};
