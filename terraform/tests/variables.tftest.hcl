# Values that must be refused before anything is made.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b"] }
  }
}

mock_provider "random" {}

variables {
  region          = "eu-central-1"
  domain_name     = "run.example.org"
  certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  allowed_cidrs   = ["203.0.113.0/24"]

  release = {
    bucket = "example-releases"
    key    = "releases/minirun-0.1.0.tar.gz"
    sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "refuses_a_zone_for_a_region" {
  command = plan

  variables {
    region = "eu-central-1a"
  }

  expect_failures = [var.region]
}

run "refuses_a_name_that_is_too_long" {
  command = plan

  variables {
    name = "minirun-of-the-whole-department"
  }

  expect_failures = [var.name]
}

run "refuses_an_address_for_a_name" {
  command = plan

  variables {
    domain_name = "https://run.example.org"
  }

  expect_failures = [var.domain_name]
}

run "refuses_another_kind_of_certificate" {
  command = plan

  variables {
    certificate_arn = "arn:aws:iam::123456789012:server-certificate/run"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_a_name_for_a_zone" {
  command = plan

  variables {
    hosted_zone_id = "example.org"
  }

  expect_failures = [var.hosted_zone_id]
}

run "refuses_a_release_without_checksum" {
  command = plan

  variables {
    release = {
      bucket = "example-releases"
      key    = "releases/minirun-0.1.0.tar.gz"
      sha256 = ""
    }
  }

  expect_failures = [var.release]
}

run "refuses_a_release_with_a_quote" {
  command = plan

  variables {
    release = {
      bucket = "example-releases"
      key    = "releases/'; reboot; '/minirun-0.1.0.tar.gz"
      sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
  }

  expect_failures = [var.release]
}

run "refuses_nobody_allowed" {
  command = plan

  variables {
    allowed_cidrs = []
  }

  expect_failures = [var.allowed_cidrs]
}

run "refuses_an_address_without_its_network" {
  command = plan

  variables {
    allowed_cidrs = ["203.0.113.7"]
  }

  expect_failures = [var.allowed_cidrs]
}

run "refuses_a_network_that_is_too_small" {
  command = plan

  variables {
    vpc_cidr = "10.80.0.0/24"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_an_instance_type_without_size" {
  command = plan

  variables {
    instance_type = "m7i"
  }

  expect_failures = [var.instance_type]
}

run "refuses_an_image_by_name" {
  command = plan

  variables {
    ami_id = "debian-13"
  }

  expect_failures = [var.ami_id]
}

run "refuses_a_disk_that_is_too_small" {
  command = plan

  variables {
    volume_gib = 8
  }

  expect_failures = [var.volume_gib]
}

run "refuses_a_timeout_below_the_signs_of_life" {
  command = plan

  variables {
    idle_timeout_seconds = 30
  }

  expect_failures = [var.idle_timeout_seconds]
}

run "refuses_a_database_without_backups" {
  command = plan

  variables {
    database = { backup_days = 0 }
  }

  expect_failures = [var.database]
}
