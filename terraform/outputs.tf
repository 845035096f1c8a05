output "url" {
  description = "Address of the dashboard and the API."
  value       = "https://${var.domain_name}"
}

output "load_balancer_dns_name" {
  description = "What domain_name must point to (CNAME or alias) where hosted_zone_id is null."
  value       = aws_lb.main.dns_name
}

output "autoscaling_group" {
  description = "Group whose instance refresh replaces the machine, containers included, by one of the current template."
  value       = aws_autoscaling_group.main.name
}

output "database_endpoint" {
  description = "Host and port of PostgreSQL, reachable from the machine alone."
  value       = aws_db_instance.main.endpoint
}

output "find_machine" {
  description = "Command that prints the machine's ID, for: aws ssm start-session --target ID."
  value       = "aws autoscaling describe-auto-scaling-groups --region ${var.region} --auto-scaling-group-names ${var.name} --query 'AutoScalingGroups[0].Instances[0].InstanceId' --output text"
}
