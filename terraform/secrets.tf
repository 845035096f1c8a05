# The database's password is made here and stands in Terraform's state: keep that encrypted, and to few
# (backend.tf.example). The machine reads it from the parameter store; user data, which anyone with a shell there could
# read, has only the parameter's name.

resource "random_password" "database" {
  length = 40
  # It becomes a part of a URL.
  special = false
}

locals {
  database_url_parameter = "/${var.name}/database-url"
  database_authority     = "/etc/minirun/database-ca.pem"
}

# Encrypted with the account's key alias/aws/ssm.
resource "aws_ssm_parameter" "database_url" {
  name        = local.database_url_parameter
  description = "DATABASE_URL of ${var.name}"
  type        = "SecureString"
  value = format(
    "postgresql://%s:%s@%s/%s?sslmode=verify-full&sslrootcert=%s",
    aws_db_instance.main.username,
    random_password.database.result,
    aws_db_instance.main.endpoint,
    aws_db_instance.main.db_name,
    local.database_authority,
  )
}
