# What a plan has in it. Both providers are mocked: neither an account nor credentials are needed.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }

  mock_data "aws_ami" {
    defaults = { id = "ami-0123456789abcdef0" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
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

run "installs_the_release_that_was_named" {
  command = plan

  assert {
    condition = alltrue([
      for line in [
        "#!/usr/bin/env bash",
        "export RELEASE_BUCKET='example-releases'",
        "export RELEASE_KEY='releases/minirun-0.1.0.tar.gz'",
        "export RELEASE_SHA256='0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'",
        "export DATABASE_URL_PARAMETER='/minirun/database-url'",
        "export MINIRUN_NAMES='run.example.org'",
        "export MINIRUN_TRUSTED_PROXIES='10.80.0.0/20,10.80.16.0/20'",
      ] : contains(split("\n", base64decode(aws_launch_template.main.user_data)), line)
    ])
    error_message = "User data must name the release, its checksum, the secret's parameter, and the settings behind the load balancer."
  }

  assert {
    condition     = length(aws_launch_template.main.user_data) < 16384
    error_message = "EC2 takes at most 16 KiB of user data."
  }

  assert {
    condition     = aws_launch_template.main.image_id == "ami-0123456789abcdef0"
    error_message = "Without ami_id Debian's own image must be taken."
  }
}

run "keeps_the_machine_to_itself" {
  command = plan

  assert {
    condition     = aws_launch_template.main.metadata_options[0].http_tokens == "required" && aws_launch_template.main.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "The metadata service must want a token and answer over one hop alone."
  }

  assert {
    condition     = aws_autoscaling_group.main.max_size == 1 && aws_autoscaling_group.main.health_check_type == "EC2"
    error_message = "One machine, which a web process that is away must not end."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.https : rule.cidr_ipv4] == ["203.0.113.0/24"]
    error_message = "The load balancer must be open to the allowed networks alone."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_load_balancer.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.from_machine.cidr_ipv4 == null
    error_message = "Machine and database must be open to a security group, not to addresses."
  }
}

run "grants_what_is_needed_alone" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.machine.policy).Statement : statement.Sid => statement.Resource
      } == {
      Release        = "arn:aws:s3:::example-releases/releases/minirun-0.1.0.tar.gz"
      DatabaseUrl    = "arn:aws:ssm:eu-central-1:123456789012:parameter/minirun/database-url"
      SessionManager = "*"
    }
    error_message = "The role must reach one object and one parameter."
  }

  assert {
    condition = !anytrue([
      for action in flatten([for statement in jsondecode(aws_iam_role_policy.machine.policy).Statement : statement.Action]) : strcontains(action, "*")
    ])
    error_message = "No action may be a pattern."
  }
}

run "keeps_the_database_private" {
  command = plan

  assert {
    condition     = !aws_db_instance.main.publicly_accessible && aws_db_instance.main.storage_encrypted && aws_db_instance.main.deletion_protection
    error_message = "The database must be private, encrypted and protected against deletion."
  }

  assert {
    condition     = one([for parameter in aws_db_parameter_group.main.parameter : parameter.value if parameter.name == "rds.force_ssl"]) == "1"
    error_message = "The database must refuse connections without TLS."
  }

  assert {
    condition     = aws_ssm_parameter.database_url.type == "SecureString"
    error_message = "The secret must be encrypted."
  }
}

run "serves_terminals_by_tls" {
  command = plan

  assert {
    condition     = aws_lb.main.idle_timeout == 3600 && aws_lb.main.preserve_host_header
    error_message = "Terminals must outlast the load balancer's default of a minute, and the name that the browser used must arrive."
  }

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && aws_lb_listener.http.default_action[0].type == "redirect"
    error_message = "HTTP must be answered with a redirect."
  }

  assert {
    condition     = length(aws_route53_record.main) == 0 && output.url == "https://run.example.org"
    error_message = "Without a zone there must be no record."
  }
}

run "names_itself_where_it_has_the_zone" {
  command = plan

  variables {
    hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  }

  assert {
    condition     = aws_route53_record.main[0].name == "run.example.org" && aws_route53_record.main[0].type == "A"
    error_message = "The zone must get an alias of the domain's name."
  }
}
