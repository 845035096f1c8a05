variable "region" {
  description = "AWS region in which everything is made; the release's bucket must lie there, too."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be a region's code such as eu-central-1."
  }
}

variable "name" {
  description = "Prefix of every resource's name, so that several installations fit into one account."
  type        = string
  default     = "minirun"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 20
    error_message = "name must begin with a letter, consist of a-z, 0-9 and single hyphens, and have at most 20 characters: names of load balancers are short."
  }
}

variable "tags" {
  description = "Further tags of every resource."
  type        = map(string)
  default     = {}
}

variable "domain_name" {
  description = "Name by which people reach MiniRun. Requests for any other name are refused."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name must be a full name in lower case, without scheme and port, such as run.example.org."
  }
}

variable "certificate_arn" {
  description = "ARN of a certificate for domain_name in AWS Certificate Manager, in the same region."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.certificate_arn))
    error_message = "certificate_arn must be the ARN of an ACM certificate: arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 zone that gets an alias of domain_name to the load balancer; null when the name is kept elsewhere."
  type        = string
  default     = null

  validation {
    condition     = var.hosted_zone_id == null || can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "hosted_zone_id must be the ID of a Route 53 zone, such as Z0123456789ABCDEFGHIJ, or null."
  }
}

variable "release" {
  description = "The release to install: its tarball minirun-VERSION.tar.gz as an S3 object, and the tarball's SHA-256 in hexadecimal."
  type = object({
    bucket = string
    key    = string
    sha256 = string
  })

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.release.bucket))
    error_message = "release.bucket must be the name of an S3 bucket, without s3://."
  }

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]+/)*minirun-[0-9]+\\.[0-9]+\\.[0-9]+[A-Za-z0-9.-]*\\.tar\\.gz$", var.release.key))
    error_message = "release.key must end with minirun-VERSION.tar.gz, such as releases/minirun-0.1.0.tar.gz."
  }

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.release.sha256))
    error_message = "release.sha256 must be 64 digits in lower-case hexadecimal, as sha256sum prints them."
  }
}

variable "allowed_cidrs" {
  description = "Networks that may reach the load balancer. MiniRun holds root on its machine: open it to those who need it."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidrs) > 0 && alltrue([for cidr in var.allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "allowed_cidrs must name at least one IPv4 network, such as 203.0.113.0/24."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the VPC: a /16 to /22, of which six subnets of a sixteenth each are made."
  type        = string
  default     = "10.80.0.0/16"

  validation {
    condition     = try(cidrnetmask(var.vpc_cidr) != "" && tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 22, false)
    error_message = "vpc_cidr must be an IPv4 network from /16 to /22, such as 10.80.0.0/16."
  }
}

variable "instance_type" {
  description = "Type of the x86-64 machine that runs MiniRun and the containers. It builds the release at its first boot: 4 GiB of memory at least."
  type        = string
  default     = "m7i.large"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instance_type))
    error_message = "instance_type must be a type of EC2 instance, such as m7i.large."
  }
}

variable "ami_id" {
  description = "Image of the machine, Debian 13 or newer on x86-64; null takes Debian's own latest one."
  type        = string
  default     = null

  validation {
    condition     = var.ami_id == null || can(regex("^ami-[0-9a-f]{8,17}$", var.ami_id))
    error_message = "ami_id must be an image's ID, such as ami-0123456789abcdef0, or null."
  }
}

variable "volume_gib" {
  description = "Size of the machine's disk in GiB: system, images, and what containers write."
  type        = number
  default     = 50

  validation {
    condition     = var.volume_gib >= 20 && var.volume_gib <= 16384 && floor(var.volume_gib) == var.volume_gib
    error_message = "volume_gib must be a whole number from 20 to 16384."
  }
}

variable "idle_timeout_seconds" {
  description = "How long the load balancer keeps a connection on which nothing is sent. Terminals and event streams send a sign of life every 30 seconds."
  type        = number
  default     = 3600

  validation {
    condition     = var.idle_timeout_seconds >= 60 && var.idle_timeout_seconds <= 4000
    error_message = "idle_timeout_seconds must be from 60, twice the interval of the signs of life, to 4000, which is AWS's maximum."
  }
}

variable "database" {
  description = "The PostgreSQL: class of the instance, storage and its limit of growth in GiB, standby in a second zone, days that backups are kept, protection against deletion."
  type = object({
    instance_class      = optional(string, "db.t4g.small")
    storage_gib         = optional(number, 20)
    max_storage_gib     = optional(number, 100)
    multi_az            = optional(bool, false)
    backup_days         = optional(number, 7)
    deletion_protection = optional(bool, true)
  })
  default = {}

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.database.instance_class))
    error_message = "database.instance_class must be a class of RDS instance, such as db.t4g.small."
  }

  validation {
    condition     = var.database.storage_gib >= 20 && var.database.max_storage_gib > var.database.storage_gib
    error_message = "database.storage_gib must be at least 20, and max_storage_gib above it."
  }

  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "database.backup_days must be from 1 to 35: an installation without backups is not offered."
  }
}
