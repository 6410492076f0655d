# resources.uploads (isobar.yaml:33)
resource "aws_s3_bucket" "uploads" {
  bucket        = "storefront-uploads-${data.aws_caller_identity.current.account_id}"
  force_destroy = true

  tags = {
    isobar-node = "resources.uploads"
  }
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Nothing passes over an unencrypted connection.
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.uploads.arn, "${aws_s3_bucket.uploads.arn}/*"]
        Condition = {
          Bool = { "aws:SecureTransport" = ["false"] }
        }
      },
    ]
  })

  # Both change who may read the bucket, and S3 refuses to do that twice at a time.
  depends_on = [aws_s3_bucket_public_access_block.uploads]
}

resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket

  # Parts of uploads that were given up cost money and are seen nowhere.
  rule {
    id     = "abort-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "expire-1"
    status = "Enabled"

    filter {
      prefix = "incoming/"
    }

    expiration {
      days = 30
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  depends_on = [aws_s3_bucket_versioning.uploads]
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket      = aws_s3_bucket.uploads.bucket
  eventbridge = true
}

# functions.thumbnail: trigger object-uploads-created-incoming-png (functions/shop.yaml:18)
# Buckets send to the default bus of the account; the pattern takes the events of this bucket alone.
resource "aws_cloudwatch_event_rule" "thumbnail__object_uploads_created_incoming_png" {
  name = "storefront-thumbnail.object-uploads-created-incoming-png"
  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail = {
      bucket = { name = [aws_s3_bucket.uploads.bucket] }
      object = { key = [{ wildcard = "incoming/*.png" }] }
    }
  })

  tags = {
    isobar-node = "functions.thumbnail"
  }
}

resource "aws_cloudwatch_event_target" "thumbnail__object_uploads_created_incoming_png" {
  rule      = aws_cloudwatch_event_rule.thumbnail__object_uploads_created_incoming_png.name
  arn       = aws_lambda_function.thumbnail.arn
  target_id = "function"

  # How long EventBridge tries to hand the event to Lambda; how often the function may fail at it, Lambda decides.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 86400
  }

  dead_letter_config {
    arn = aws_sqs_queue.job_failures.arn
  }
}

# trigger object-uploads-created-incoming-png (functions/shop.yaml:18)
resource "aws_lambda_permission" "thumbnail__object_uploads_created_incoming_png" {
  statement_id  = "thumbnail__object_uploads_created_incoming_png"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.thumbnail.arn
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.thumbnail__object_uploads_created_incoming_png.arn
}
