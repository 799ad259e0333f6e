package service

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
)

// GiveUpAt is the attempt after which billing publishes to the dead-letter topic instead of trying again.
const GiveUpAt = 3

var failures = map[string]int{"o-9002": 2, "o-9003": 1000}

var attempts = map[string]int{}

// ChargeCard is the work of billing. It returns the number of the attempt.
func ChargeCard(ctx context.Context, order string) (int, error) {
	_, span := otel.Tracer("billing").Start(ctx, "charge-card")
	defer span.End()
	time.Sleep(20 * time.Millisecond)
	attempts[order]++
	if attempts[order] > failures[order] {
		return attempts[order], nil
	}
	err := errors.New("card gateway timeout")
	if order == "o-9003" {
		err = errors.New("card number is invalid")
	}
	span.SetStatus(codes.Error, err.Error())
	return attempts[order], err
}
