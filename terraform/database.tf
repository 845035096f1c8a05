locals {
  postgres_version = "17"
}

resource "aws_db_subnet_group" "main" {
  name       = var.name
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "${var.name}-"
  family      = "postgres${local.postgres_version}"

  # No connection without TLS, whatever a client asks for.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "main" {
  identifier           = var.name
  engine               = "postgres"
  engine_version       = local.postgres_version
  instance_class       = var.database.instance_class
  parameter_group_name = aws_db_parameter_group.main.name
  ca_cert_identifier   = "rds-ca-rsa2048-g1"

  db_name  = "minirun"
  username = "minirun"
  password = random_password.database.result

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.database.storage_gib
  max_allocated_storage = var.database.max_storage_gib

  multi_az               = var.database.multi_az
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false

  backup_retention_period   = var.database.backup_days
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = var.database.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-final"

  enabled_cloudwatch_logs_exports = ["postgresql"]
}
