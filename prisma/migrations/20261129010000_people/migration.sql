-- CreateTable
CREATE TABLE "people" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "disabled_at" TIMESTAMPTZ(3),
    "joined_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "people_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "people_role" CHECK ("role" IN ('viewer', 'operator', 'administrator')),
    CONSTRAINT "people_email_lower" CHECK ("email" = lower("email"))
);

-- CreateTable
CREATE TABLE "people_sessions" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "people_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people_accounts" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "people_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people_verifications" (
    "id" UUID NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "people_verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people_invitations" (
    "person_id" UUID NOT NULL,
    "code_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "people_invitations_pkey" PRIMARY KEY ("person_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "people_email_key" ON "people"("email");

-- CreateIndex
CREATE UNIQUE INDEX "people_sessions_token_key" ON "people_sessions"("token");

-- CreateIndex
CREATE INDEX "people_sessions_person_id_idx" ON "people_sessions"("person_id");

-- CreateIndex
CREATE INDEX "people_accounts_person_id_idx" ON "people_accounts"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "people_accounts_provider_id_account_id_key" ON "people_accounts"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "people_verifications_identifier_idx" ON "people_verifications"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "people_invitations_code_hash_key" ON "people_invitations"("code_hash");

-- AddForeignKey
ALTER TABLE "people_sessions" ADD CONSTRAINT "people_sessions_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "people_accounts" ADD CONSTRAINT "people_accounts_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "people_invitations" ADD CONSTRAINT "people_invitations_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who signs in is the web process's own business: unlike containers and operations it writes these itself.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'minirun_web') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE
            ON people, people_sessions, people_accounts, people_verifications, people_invitations TO minirun_web;
    END IF;
END;
$$;
