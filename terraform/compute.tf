# Debian's own images. Newer ones change the launch template, not the machine that runs.
data "aws_ami" "debian" {
  count = var.ami_id == null ? 1 : 0

  most_recent = true
  owners      = ["136693071363"]

  filter {
    name   = "name"
    values = ["debian-13-amd64-*"]
  }
}

locals {
  user_data = templatefile("${path.module}/user-data.sh.tftpl", {
    region                 = var.region
    release                = var.release
    database_url_parameter = local.database_url_parameter
    database_authority     = local.database_authority
    domain_name            = var.domain_name
    port                   = local.port
    trusted_proxies        = join(",", local.public_cidrs)
    install                = file("${path.module}/install.sh")
  })
}

resource "aws_launch_template" "main" {
  name_prefix            = "${var.name}-"
  update_default_version = true

  image_id               = coalesce(var.ami_id, one(data.aws_ami.debian[*].id))
  instance_type          = var.instance_type
  user_data              = base64encode(local.user_data)
  vpc_security_group_ids = [aws_security_group.machine.id]

  iam_instance_profile {
    arn = aws_iam_instance_profile.machine.arn
  }

  # One hop: a container's network is one further. install.sh keeps other users than root from it besides.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.volume_gib
      encrypted             = true
      delete_on_termination = true
    }
  }

  # The provider's default tags do not reach what the group makes.
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = merge({ Name = var.name, Application = var.name, ManagedBy = "terraform" }, var.tags)
    }
  }
}

# A group of one: it replaces a machine that has failed. A container lives on one machine, and MiniRun does not yet
# spread over several.
resource "aws_autoscaling_group" "main" {
  name                = var.name
  min_size            = 1
  max_size            = 1
  desired_capacity    = 1
  vpc_zone_identifier = aws_subnet.private[*].id
  target_group_arns   = [aws_lb_target_group.main.arn]

  # By the machine's own health alone: containers run on while the web process is away, and its supervisor starts that
  # again. A load balancer's verdict would end them all.
  health_check_type   = "EC2"
  suspended_processes = ["AZRebalance"]

  # Creating ends when the release, built, answers to the load balancer, and fails when it does not.
  min_elb_capacity          = 1
  wait_for_capacity_timeout = "25m"

  launch_template {
    id      = aws_launch_template.main.id
    version = aws_launch_template.main.latest_version
  }

  depends_on = [
    aws_iam_role_policy.machine,
    aws_lb_listener.https,
    aws_nat_gateway.main,
    aws_route_table_association.private,
    aws_ssm_parameter.database_url,
    aws_vpc_security_group_egress_rule.to_database,
    aws_vpc_security_group_egress_rule.to_internet,
    aws_vpc_security_group_egress_rule.to_machine,
    aws_vpc_security_group_ingress_rule.from_load_balancer,
    aws_vpc_security_group_ingress_rule.from_machine,
  ]
}
