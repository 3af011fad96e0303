import { expect, test } from "vitest";
import { looksSecret } from "../../../core/admission/secret-names.ts";

test.for([
  "PASSWORD",
  "DB_PASSWORD",
  "dbPassword",
  "PGPASSWORD",
  "MYSQL_PASSWD",
  "SSH_PASSPHRASE",
  "CLIENT_SECRET",
  "SECRETS",
  "GITHUB_TOKEN",
  "token",
  "GOOGLE_CREDENTIALS",
  "API_KEY",
  "apiKey",
  "STRIPE-API-KEY",
  "stripe.api.key",
  "PRIVATE_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "SIGNING_KEY",
  "ENCRYPTION_KEY",
  "MAX_TOKENS",
])("%s looks secret", (name) => expect(looksSecret(name)).toBe(true));

test.for(["LOG_LEVEL", "PORT", "KEY", "KEYBOARD", "PUBLIC_KEY", "PASS_THROUGH", "DATABASE_HOST", "", "PWD", "API_URL"])(
  "%s does not look secret",
  (name) => expect(looksSecret(name)).toBe(false),
);
