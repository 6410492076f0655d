variable "permissions_boundary" {
  description = "ARN of the IAM policy that bounds every role of this application; null for none."
  type        = string
  default     = null
}
